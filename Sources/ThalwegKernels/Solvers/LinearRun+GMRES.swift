/// Generalised minimal residuals, restarted, preconditioned from the right.
///
/// Vectors are made orthogonal by the classical process, which is done again where much was
/// cancelled: once more is enough.
///
/// - Source: Y. Saad, M. H. Schultz, "GMRES: a generalized minimal residual algorithm for solving
///   nonsymmetric linear systems", SIAM J. Sci. Stat. Comput. 7 (1986), 856-869,
///   doi:10.1137/0907058; L. Giraud, J. Langou, M. Rozložník, "The loss of orthogonality in the
///   Gram-Schmidt orthogonalization process", Comput. Math. Appl. 50 (2005), 1029-1075,
///   doi:10.1016/j.camwa.2005.08.009.
extension LinearRun {
  /// The numbers of a system in one cycle.
  private struct Cycle {
    let restart: Int
    /// Column j of the triangle begins at j (restart + 1).
    let triangle: Numbers
    let cosines: Numbers
    let sines: Numbers
    /// The rotated right side, and room for as many numbers.
    let projection: Numbers
    let scratch: Numbers
    /// How many vectors the system uses.
    let dimension: Numbers

    func column(_ index: Int) -> Numbers { triangle + index * (restart + 1) }
  }

  private func cycle(_ system: Int) -> Cycle {
    let restart = image.pointee.restart
    let base = numbers(of: system)
    let cosines = base + restart * (restart + 1)
    let projection = cosines + 2 * restart
    return Cycle(
      restart: restart, triangle: base, cosines: cosines, sines: cosines + restart,
      projection: projection, scratch: projection + restart + 1, dimension: base - 1)
  }

  private var preconditioned: Vector { vector(0) }
  private func basis(_ index: Int) -> Vector { vector(1 + index) }

  mutating func minimizeResiduals() -> Int32 {
    for system in 0..<space.systems { space.copy(rightSide, to: basis(0), system) }
    while true {
      begin()
      var index = 0
      while index < image.pointee.restart, goesOn {
        let status = expand(index)
        guard status == 0 else { return status }
        index += 1
      }
      var status = addCorrections()
      guard status == 0 else { return status }
      guard goesOn else { return 0 }
      status = multiply(solution, into: basis(0))
      guard status == 0 else { return status }
      for system in 0..<space.systems {
        space.blend(basis(0), -1, basis(0), 1, rightSide, system)
      }
    }
  }

  /// Makes the residuals, which lie in the first vector, the first directions.
  private func begin() {
    for system in 0..<space.systems {
      let cycle = cycle(system)
      cycle.dimension.pointee = 0
      guard states[system] == .running else {
        space.clear(basis(0), system)
        continue
      }
      let norm = space.norm(basis(0), system)
      residual(system).pointee = norm
      if norm <= target(system).pointee || !norm.isFinite {
        states[system] = norm.isFinite ? .solved : .failed
        space.clear(basis(0), system)
      } else {
        space.scale(basis(0), by: 1 / norm, system)
        cycle.projection[0] = norm
      }
    }
  }

  /// Adds a vector to the space of every system.
  private mutating func expand(_ index: Int) -> Int32 {
    let (direction, status) = precondition(basis(index), into: preconditioned)
    guard status == 0 else { return status }
    let next = basis(index + 1)
    let product = multiply(direction, into: next)
    guard product == 0 else { return product }
    for system in 0..<space.systems {
      if states[system] == .running { orthogonalize(index, system) }
      // A system that is frozen takes part with zeros.
      if states[system] != .running { space.clear(next, system) }
    }
    return 0
  }

  private func orthogonalize(_ index: Int, _ system: Int) {
    let cycle = cycle(system)
    let (next, column) = (basis(index + 1), cycle.column(index))
    let before = space.norm(next, system)
    space.dots(column, basis(0), index + 1, next, system)
    space.combine(next, -1, column, basis(0), index + 1, system)
    var after = space.norm(next, system)
    if after < 0.1 * before {
      space.dots(cycle.scratch, basis(0), index + 1, next, system)
      space.combine(next, -1, cycle.scratch, basis(0), index + 1, system)
      for row in 0...index { column[row] += cycle.scratch[row] }
      after = space.norm(next, system)
    }
    // The space holds its own image: what is left is rounding.
    let isClosed = after <= 10 * Double(Scalar.ulpOfOne) * before
    column[index + 1] = isClosed ? 0 : after
    if !isClosed { space.scale(next, by: 1 / after, system) }
    rotate(index, cycle, system, isClosed: isClosed || !after.isFinite, size: before)
  }

  /// Turns the last column into one of the triangle, which shows the residual.
  private func rotate(
    _ index: Int, _ cycle: Cycle, _ system: Int, isClosed: Bool, size: Double
  ) {
    let column = cycle.column(index)
    for row in 0..<index {
      let (a, b) = (column[row], column[row + 1])
      column[row] = cycle.cosines[row] * a + cycle.sines[row] * b
      column[row + 1] = cycle.cosines[row] * b - cycle.sines[row] * a
    }
    let (a, b) = (column[index], column[index + 1])
    let length = (a * a + b * b).squareRoot()
    // Written so that a NaN is found too.
    guard length > 10 * Double(Scalar.ulpOfOne) * size else {
      states[system] = .failed
      return
    }
    let (cosine, sine) = (a / length, b / length)
    (cycle.cosines[index], cycle.sines[index]) = (cosine, sine)
    column[index] = length
    cycle.projection[index + 1] = -sine * cycle.projection[index]
    cycle.projection[index] *= cosine
    cycle.dimension.pointee = Double(index + 1)
    residual(system).pointee = abs(cycle.projection[index + 1])
    if residual(system).pointee <= target(system).pointee {
      states[system] = .solved
    } else if isClosed {
      states[system] = .failed
    }
  }

  /// Adds the combinations of the directions that make the residuals least.
  private func addCorrections() -> Int32 {
    for system in 0..<space.systems {
      let cycle = cycle(system)
      let dimension = Int(cycle.dimension.pointee)
      for row in (0..<dimension).reversed() {
        var value = cycle.projection[row]
        for column in (row + 1)..<Swift.max(dimension, row + 1) {
          value -= cycle.column(column)[row] * cycle.projection[column]
        }
        cycle.projection[row] = value / cycle.column(row)[row]
      }
    }
    guard hasPreconditioner else {
      for system in 0..<space.systems { addDirections(to: solution, system) }
      return 0
    }
    // Everything is linear, so that the sum is preconditioned once; the last vector is not part of it.
    let sum = basis(image.pointee.restart)
    for system in 0..<space.systems {
      space.clear(sum, system)
      addDirections(to: sum, system)
    }
    let (correction, status) = precondition(sum, into: preconditioned)
    guard status == 0 else { return status }
    for system in 0..<space.systems where cycle(system).dimension.pointee > 0 {
      space.blend(solution, 1, solution, 1, correction, system)
    }
    return 0
  }

  private func addDirections(to vector: Vector, _ system: Int) {
    let cycle = cycle(system)
    let dimension = Int(cycle.dimension.pointee)
    guard dimension > 0 else { return }
    space.combine(vector, 1, cycle.projection, basis(0), dimension, system)
  }
}
