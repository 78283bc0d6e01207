extension NewtonRun {
  // MARK: - By factors

  /// Corrections by the factors of a Jacobian, which are kept while they serve well enough.
  mutating func correctDirectly() -> Int32 {
    var status = refreshFactors()
    guard status == 0 else { return status }
    for system in 0..<space.systems where progress[system].state == .running {
      linear.substitute(system)
      progress[system].isOutdated = isTooSlow(system)
    }
    status = refreshFactors()
    guard status == 0 else { return status }
    for system in 0..<space.systems
    where progress[system].state == .running && progress[system].isFresh {
      linear.substitute(system)
    }
    return 0
  }

  /// Factors the Jacobians at the points of systems whose factors are outdated.
  private mutating func refreshFactors() -> Int32 {
    var isAnyOutdated = false
    for system in 0..<space.systems {
      let isOutdated = progress[system].state == .running && progress[system].isOutdated
      linear.states[system] = isOutdated ? .running : .solved
      isAnyOutdated = isAnyOutdated || isOutdated
    }
    guard isAnyOutdated else { return 0 }
    var status: Int32 = 0
    if let linearization {
      evaluations += linearization.evaluations
      status = linearization.run(at: point, along: point, into: point)
    }
    if status == 0 { status = linear.factor() }
    guard status == 0 else { return status }
    for system in 0..<space.systems
    where progress[system].state == .running && progress[system].isOutdated {
      progress[system].isOutdated = false
      progress[system].isFresh = true
      guard linear.states[system] == .failed else { continue }
      progress[system].state = .failed
      progress[system].failure = .singular
    }
    return 0
  }

  /// Whether more corrections by the same factors would take longer than new factors.
  private func isTooSlow(_ system: Int) -> Bool {
    let state = progress[system]
    guard !state.isFresh, state.formerLength > 0 else { return false }
    space.blend(trial, 1, point, -1, correction, system)
    var length = length(of: correction, system)
    let rate = length / state.formerLength
    guard rate < 0.3 else { return true }
    for _ in 0..<Swift.min(space.size / 2 + 2, 8) {
      if length <= 1 { return false }
      length *= rate
    }
    return length > 1
  }

  // MARK: - By Krylov methods

  /// Takes points whose residuals are within the tolerance for roots.
  func acceptSmallResiduals() {
    for system in 0..<space.systems
    where progress[system].state == .running && length(of: value, system) <= 1 {
      progress[system].state = .found
    }
  }

  /// Corrections that solve their systems as well as the distance from the root deserves.
  mutating func correctByKrylov() -> Int32 {
    for system in 0..<space.systems {
      let state = progress[system]
      let small = 0.5 * smallResidual(system)
      let wanted = state.isShort ? small : Swift.max(small, state.forcing * state.residual)
      linear.target(system).pointee = state.state == .running ? wanted : .infinity
    }
    let status = linear.solve()
    guard status == 0 else { return status }
    for system in 0..<space.systems
    where progress[system].state == .running && linear.states[system] != .solved {
      // A correction that is not as good as was asked for may still lead downhill.
      let reached = linear.residual(system).pointee / progress[system].residual
      if reached < NewtonProgress.largestForcing {
        progress[system].forcing = reached
      } else {
        progress[system].state = .failed
        progress[system].failure = .krylov
        progress[system].rate = reached
      }
    }
    return 0
  }

  // MARK: - Line search

  /// Moves every system along its correction as far as its residual shrinks.
  mutating func searchAlongCorrections() -> Int32 {
    while isAny(.searching) {
      let status = evaluate(trial, into: trialValue)
      guard status == 0 else { return status }
      for system in 0..<space.systems where progress[system].state == .searching {
        consider(system)
      }
    }
    return 0
  }

  private func consider(_ system: Int) {
    let state = progress[system]
    let (norm, merit) = (space.norm(trialValue, system), merit(of: trialValue, system))
    // A correction within the tolerance is taken: what is left of the residual may be rounding.
    let isLess = merit <= (1 - 1e-4 * state.part) * state.merit
    if norm.isFinite, isLess || state.isShort {
      advance(system, norm)
    } else if isDirect, !state.isFresh {
      space.copy(point, to: trial, system)
      progress[system].isOutdated = true
      progress[system].formerLength = 0
      progress[system].state = .running
    } else if state.part < 1e-4 {
      progress[system].state = .failed
    } else {
      progress[system].part *= shortening(state, merit)
      space.blend(trial, 1, point, -progress[system].part, correction, system)
    }
  }

  private func advance(_ system: Int, _ norm: Double) {
    let state = progress[system]
    space.copy(trial, to: point, system)
    space.copy(trialValue, to: value, system)
    let merit = merit(of: value, system)
    progress[system].slow = merit > 0.99 * state.merit ? state.slow + 1 : 0
    progress[system].formerResidual = state.residual
    progress[system].merit = merit
    progress[system].residual = norm
    progress[system].formerLength = state.part == 1 ? state.length : 0
    progress[system].isFresh = false
    progress[system].chooseForcing()
    progress[system].state = norm == 0 ? .found : progress[system].slow > 5 ? .failed : .running
  }

  /// Where the parabola through the squares of the residuals with the slope of the first is least.
  private func shortening(_ state: NewtonProgress, _ merit: Double) -> Double {
    guard merit.isFinite else { return 0.1 }
    let (former, square) = (state.merit * state.merit, merit * merit)
    let least = former * state.part / (square - former + 2 * former * state.part)
    return Swift.max(0.1, Swift.min(0.5, least))
  }
}
