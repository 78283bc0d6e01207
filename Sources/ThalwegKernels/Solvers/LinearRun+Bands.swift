import CThalwegKernels

/// Systems along a chain of cells.
///
/// One product gives a column of every cell whose neighbours no other of them has, so that the matrix
/// takes as many products as a cell has components, for each cell within the reach. Solutions are
/// refined by what they leave of the right side, and so are exact where the factors are not, and fail
/// where they say nothing of the matrix.
///
/// - Source: A. R. Curtis, M. J. D. Powell, J. K. Reid, "On the estimation of sparse Jacobian
///   matrices", IMA J. Appl. Math. 13 (1974), 117-119, doi:10.1093/imamat/13.1.117.
extension LinearRun {
  private var chain: CellChain { image.pointee.chain }
  private func values(_ system: Int) -> Numbers { matrix(system) + chain.matrix }
  private func room(_ system: Int) -> Numbers { values(system) + space.size }

  // MARK: - Factors

  /// Obtains the bands by few products, and factors those of the systems that are running.
  mutating func factorBands() -> Int32 {
    let (unit, column) = (vector(0), vector(1))
    for system in 0..<space.systems {
      space.clear(unit, system)
      guard states[system] == .running else { continue }
      matrix(system).update(repeating: 0, count: chain.matrix)
    }
    for component in 0..<chain.components {
      for residue in 0..<Swift.min(chain.period, chain.cells) {
        for system in 0..<space.systems { mark(component, residue, 1, system) }
        let status = multiply(unit, into: column)
        guard status == 0 else { return status }
        for system in 0..<space.systems {
          mark(component, residue, 0, system)
          guard states[system] == .running else { continue }
          space.gather(column, into: values(system), system)
          tw_band_place(
            matrix(system), values(system), Int64(chain.cells), Int64(chain.components),
            Int64(chain.reach), Int64(component), Int64(residue))
        }
      }
    }
    for system in 0..<space.systems where states[system] == .running {
      let dependent = tw_band_factor(
        matrix(system), pivots + system * space.size, Int64(space.size), Int64(chain.width))
      guard dependent != 0 else { continue }
      residual(system).pointee = .infinity
      states[system] = .failed
    }
    return 0
  }

  /// Sets the elements of a component in every cell whose number has a residue.
  private func mark(_ component: Int, _ residue: Int, _ value: Scalar, _ system: Int) {
    var first = 0
    space.forEachStretch(of: system) { start, count in
      let place = component - first
      first += count / chain.cells
      guard place >= 0, component < first else { return }
      for cell in stride(from: residue, to: chain.cells, by: chain.period) {
        vector(0)[start + place * chain.cells + cell] = value
      }
    }
  }

  /// The solution that the factors give.
  func substituteBands(_ rightSide: Vector, into solution: Vector, _ system: Int) {
    let (values, room) = (values(system), room(system))
    let (cells, components) = (Int64(chain.cells), Int64(chain.components))
    space.gather(rightSide, into: values, system)
    tw_band_gather(room, values, cells, components)
    tw_band_substitute(
      matrix(system), pivots + system * space.size, room, Int64(space.size), Int64(chain.width))
    tw_band_scatter(values, room, cells, components)
    space.scatter(values, into: solution, system)
  }

  // MARK: - Refinement

  mutating func solveByBands() -> Int32 {
    let status = factorBands()
    guard status == 0 else { return status }
    for system in 0..<space.systems where states[system] == .running {
      substituteBands(rightSide, into: solution, system)
      size(system).pointee = space.norm(solution, system)
      guard !size(system).pointee.isFinite else { continue }
      residual(system).pointee = .infinity
      states[system] = .failed
    }
    while goesOn {
      let status = multiply(solution, into: vector(0))
      guard status == 0 else { return status }
      for system in 0..<space.systems where states[system] == .running { refine(system) }
    }
    return 0
  }

  /// The length of the last correction of a system.
  private func size(_ system: Int) -> Numbers { target(system) + 2 }

  /// Adds the correction for what a solution leaves of the right side.
  private func refine(_ system: Int) {
    let (rest, correction) = (vector(1), vector(2))
    space.blend(rest, -1, vector(0), 1, rightSide, system)
    residual(system).pointee = space.norm(rest, system)
    guard residual(system).pointee > target(system).pointee else {
      states[system] = .solved
      return
    }
    substituteBands(rest, into: correction, system)
    space.blend(solution, 1, solution, 1, correction, system)
    let (length, former) = (space.norm(correction, system), size(system).pointee)
    size(system).pointee = length
    let tolerance = target(system).pointee / space.norm(rightSide, system)
    // The residual of a stiff system may be no more than rounding of large terms.
    if length <= tolerance * space.norm(solution, system) {
      states[system] = .solved
    } else if !(length < 0.5 * former) {
      states[system] = .failed
    }
  }
}
