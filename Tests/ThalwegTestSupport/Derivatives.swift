public import Testing
public import ThalwegTensors

/// Expects a function's derivatives to be those of its values.
///
/// At random directions u and weights w it compares
///
/// - J u by ``jvp(at:along:_:)`` with a finite difference of values,
/// - ⟨w, J u⟩ with ⟨Jᵀ w, u⟩, where Jᵀ w is by ``vjp(at:from:_:)``,
/// - the derivative along u of the gradient of ⟨w, f⟩ with a finite difference of gradients.
///
///       try expectDerivatives(of: { tanh($0[0] * $0[1]) }, at: [x, y])
///
/// The function must be smooth within a few `step` of the point, whose numbers are of the order
/// of 1. The finite differences may be off by `relative`: the formula's own error is of the order
/// of step⁴, and rounding makes 1e-16 / step of it.
public func expectDerivatives<Tree: TensorTree>(
  of function: (Tree) throws -> Tensor, at point: Tree, seed: UInt64 = 1, directions: Int = 2,
  step: Double = 1e-3, relative: Double = 1e-8, isTwiceDifferentiable: Bool = true,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var random = SplitMix64(seed: seed)
  for _ in 0..<directions {
    let u = point.randomized(using: &random)
    let (value, rate) = try jvp(at: point, along: u, function)
    let w = value.randomized(using: &random)
    let lines = Lines(point, u, step)
    try lines.expect(
      [rate], of: { [try function($0)] }, relative: relative, "J u", comment, sourceLocation)

    let pulled = try vjp(at: point, from: w, function).cotangent
    let (forward, backward) = (dot([w], [rate]), dot(pulled.leaves, u.leaves))
    // Both sums have rounding errors in proportion to their terms.
    expectClose(
      forward.sum, backward.sum, relative: 0,
      absolute: 1e-12 * Swift.max(forward.magnitude, backward.magnitude),
      named("⟨w, J u⟩ = ⟨Jᵀ w, u⟩", comment), sourceLocation: sourceLocation)

    guard isTwiceDifferentiable else { continue }
    func slope(_ x: Tree) throws -> Tree {
      try valueAndGradient(at: x) { sum(w * (try function($0))) }.gradient
    }
    let curvature = try jvp(at: point, along: u, slope).derivative
    try lines.expect(
      curvature.leaves, of: { try slope($0).leaves }, relative: relative,
      "derivative of the gradient", comment, sourceLocation)
  }
}

/// Expects all derivatives of a function to be zero.
public func expectNoDerivatives<Tree: TensorTree>(
  of function: (Tree) throws -> Tensor, at point: Tree, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var random = SplitMix64(seed: 1)
  let (value, rate) = try jvp(at: point, along: point.randomized(using: &random), function)
  let pulled = try vjp(at: point, from: value.randomized(using: &random), function).cotangent
  for derivative in [rate] + pulled.leaves {
    #expect(derivative.values.allSatisfy { $0 == 0 }, comment, sourceLocation: sourceLocation)
  }
}

/// The points x + k h u on a line.
private struct Lines<Tree: TensorTree> {
  let point: Tree
  let direction: Tree
  let step: Double

  init(_ point: Tree, _ direction: Tree, _ step: Double) {
    self.point = point
    self.direction = direction
    self.step = step
  }

  private func value(_ k: Double, _ function: (Tree) throws -> [Tensor]) rethrows -> [Double] {
    let shifted = point.zipLeaves(direction) { $0 + k * step * $1 }
    return try function(shifted).flatMap(\.values)
  }

  /// Expects derivatives along the line to agree with the central difference of fourth order.
  ///
  /// Values that do not change at all are known to rounding, which is what the absolute error is.
  func expect(
    _ derivatives: [Tensor], of function: (Tree) throws -> [Tensor], relative: Double,
    _ name: String, _ comment: Comment?, _ location: SourceLocation
  ) throws {
    let values = try [-2, -1, 1, 2].map { try value($0, function) }
    let difference = values[0].indices.map { i in
      (values[0][i] - 8 * values[1][i] + 8 * values[2][i] - values[3][i]) / (12 * step)
    }
    let size = values[0].map(\.magnitude).reduce(0, Swift.max)
    expectClose(
      derivatives.flatMap(\.values), difference, relative: relative,
      absolute: 1e-15 * size / step, named(name, comment), sourceLocation: location)
  }
}

private func named(_ name: String, _ comment: Comment?) -> Comment {
  comment.map { "\($0), \(name)" } ?? Comment(rawValue: name)
}

/// The inner product and the sum of the magnitudes of its terms.
private func dot(_ a: [Tensor], _ b: [Tensor]) -> (sum: Double, magnitude: Double) {
  let terms = zip(a.flatMap(\.values), b.flatMap(\.values)).map(*)
  return (terms.reduce(0, +), terms.map(\.magnitude).reduce(0, +))
}
