import CThalwegKernels

extension LinearRun {
  func matrix(_ system: Int) -> Numbers { numbers(of: system) }
  private func scratch(_ system: Int) -> Numbers {
    numbers(of: system) + space.size * space.size
  }

  mutating func solveDirectly() -> Int32 {
    let status = factor()
    guard status == 0 else { return status }
    for system in 0..<space.systems where states[system] == .running { substitute(system) }
    return 0
  }

  /// Obtains the matrices column by column, and factors those of the systems that are running.
  mutating func factor() -> Int32 {
    if image.pointee.kind == .banded { return factorBands() }
    let (unit, column) = (vector(0), vector(1))
    for system in 0..<space.systems { space.clear(unit, system) }
    for unknown in 0..<space.size {
      for system in 0..<space.systems { unit[space.index(of: unknown, system)] = 1 }
      let status = multiply(unit, into: column)
      guard status == 0 else { return status }
      for system in 0..<space.systems {
        unit[space.index(of: unknown, system)] = 0
        guard states[system] == .running else { continue }
        space.gather(column, into: matrix(system) + unknown * space.size, system)
      }
    }
    for system in 0..<space.systems where states[system] == .running {
      let dependent = tw_factor(
        matrix(system), pivots + system * space.size, scratch(system), Int64(space.size))
      if dependent != 0 { states[system] = .failed }
    }
    return 0
  }

  /// Solves a system whose matrix has been factored.
  func substitute(_ system: Int) {
    if image.pointee.kind == .banded {
      substituteBands(rightSide, into: solution, system)
    } else {
      substituteDensely(system)
    }
    let isFinite = space.norm(solution, system).isFinite
    if isFinite { residual(system).pointee = 0 }
    states[system] = isFinite ? .solved : .failed
  }

  private func substituteDensely(_ system: Int) {
    let values = scratch(system)
    space.gather(rightSide, into: values, system)
    tw_substitute(matrix(system), pivots + system * space.size, values, Int64(space.size))
    space.scatter(values, into: solution, system)
  }
}
