extension LinearRun {
  /// Conjugate gradients.
  ///
  /// - Source: M. R. Hestenes, E. Stiefel, "Methods of conjugate gradients for solving linear
  ///   systems", J. Res. Natl. Bur. Stand. 49 (1952), 409-436, doi:10.6028/jres.049.044.
  mutating func conjugateGradients() -> Int32 {
    let (r, p, q, memory) = (vector(0), vector(1), vector(2), vector(3))
    for system in 0..<space.systems {
      space.clear(p, system)
      // A system that is frozen takes part with zeros.
      if states[system] == .running {
        space.copy(rightSide, to: r, system)
      } else {
        space.clear(r, system)
      }
    }
    var isFirst = true
    while true {
      let (z, status) = precondition(r, into: memory)
      guard status == 0 else { return status }
      for system in 0..<space.systems where states[system] == .running {
        turn(p, towards: z, r, system, isFirst: isFirst)
      }
      isFirst = false
      guard goesOn else { return 0 }
      let product = multiply(p, into: q)
      guard product == 0 else { return product }
      for system in 0..<space.systems where states[system] == .running {
        descend(along: p, q, r, system)
        guard states[system] != .running else { continue }
        space.clear(p, system)
        space.clear(r, system)
      }
    }
  }

  private func turn(
    _ p: Vector, towards z: Vector, _ r: Vector, _ system: Int, isFirst: Bool
  ) {
    let rho = numbers(of: system)
    let product = space.dot(r, z, system)
    space.blend(p, 1, z, isFirst ? 0 : product / rho.pointee, p, system)
    rho.pointee = product
  }

  private func descend(along p: Vector, _ q: Vector, _ r: Vector, _ system: Int) {
    let curvature = space.dot(p, q, system)
    // Written so that a NaN is found too.
    guard curvature > 0, numbers(of: system).pointee > 0 else {
      states[system] = .failed
      return
    }
    let length = numbers(of: system).pointee / curvature
    space.blend(solution, 1, solution, length, p, system)
    space.blend(r, 1, r, -length, q, system)
    settle(r, system)
  }

  /// Looks at a residual.
  private func settle(_ r: Vector, _ system: Int) {
    let norm = space.norm(r, system)
    residual(system).pointee = norm
    if norm <= target(system).pointee { states[system] = .solved }
    if !norm.isFinite { states[system] = .failed }
  }

  /// Stabilised biconjugate gradients, preconditioned from the right.
  ///
  /// - Source: H. A. van der Vorst, "Bi-CGSTAB: a fast and smoothly converging variant of Bi-CG for
  ///   the solution of nonsymmetric linear systems", SIAM J. Sci. Stat. Comput. 13 (1992), 631-644,
  ///   doi:10.1137/0913035.
  mutating func biCGStab() -> Int32 {
    let (r, shadow, p, v, t) = (vector(0), vector(1), vector(2), vector(3), vector(4))
    for system in 0..<space.systems {
      let isRunning = states[system] == .running
      space.clear(p, system)
      space.clear(v, system)
      if isRunning { space.copy(rightSide, to: r, system) } else { space.clear(r, system) }
      space.copy(r, to: shadow, system)
      let numbers = numbers(of: system)
      (numbers[0], numbers[1], numbers[2]) = (1, 1, 1)
    }
    while goesOn {
      for system in 0..<space.systems where states[system] == .running {
        turn(p, v, r, shadow, system)
      }
      freeze(p, r)
      var (direction, status) = precondition(p, into: vector(5))
      if status == 0 { status = multiply(direction, into: v) }
      guard status == 0 else { return status }
      for system in 0..<space.systems where states[system] == .running {
        halve(along: direction, v, r, shadow, system)
      }
      freeze(p, r)
      guard isAnyRunning else { return 0 }
      (direction, status) = precondition(r, into: vector(6))
      if status == 0 { status = multiply(direction, into: t) }
      guard status == 0 else { return status }
      for system in 0..<space.systems where states[system] == .running {
        stabilize(along: direction, t, r, system)
      }
      freeze(p, r)
    }
    return 0
  }

  /// Lets systems that are solved or lost take part with zeros.
  private func freeze(_ p: Vector, _ r: Vector) {
    for system in 0..<space.systems where states[system] != .running {
      space.clear(p, system)
      space.clear(r, system)
    }
  }

  /// p = r + β (p - ω v).
  private func turn(
    _ p: Vector, _ v: Vector, _ r: Vector, _ shadow: Vector, _ system: Int
  ) {
    let numbers = numbers(of: system)
    let (rho, length, weight) = (numbers[0], numbers[1], numbers[2])
    var next = space.dot(shadow, r, system)
    let size = space.norm(shadow, system) * space.norm(r, system)
    var factor = next / rho * (length / weight)
    if abs(next) <= Double(Scalar.ulpOfOne) * size {
      // The shadow has become orthogonal to the residual: it is chosen anew.
      space.copy(r, to: shadow, system)
      next = space.dot(r, r, system)
      factor = 0
    }
    space.blend(p, 1, p, -weight, v, system)
    space.blend(p, factor, p, 1, r, system)
    numbers[0] = next
  }

  private func halve(
    along direction: Vector, _ v: Vector, _ r: Vector, _ shadow: Vector, _ system: Int
  ) {
    let numbers = numbers(of: system)
    let product = space.dot(shadow, v, system)
    let length = numbers[0] / product
    guard length.isFinite else {
      states[system] = .failed
      return
    }
    numbers[1] = length
    space.blend(solution, 1, solution, length, direction, system)
    space.blend(r, 1, r, -length, v, system)
    settle(r, system)
  }

  private func stabilize(along direction: Vector, _ t: Vector, _ r: Vector, _ system: Int) {
    let numbers = numbers(of: system)
    let weight = space.dot(t, r, system) / space.dot(t, t, system)
    guard weight.isFinite, weight != 0 else {
      states[system] = .failed
      return
    }
    numbers[2] = weight
    space.blend(solution, 1, solution, weight, direction, system)
    space.blend(r, 1, r, -weight, t, system)
    settle(r, system)
  }
}
