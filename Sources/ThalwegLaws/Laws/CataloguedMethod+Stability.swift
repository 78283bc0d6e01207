import Foundation
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension CataloguedMethod where Field: TestField {
  /// How far along both axes steps do not amplify, against what is published.
  ///
  /// Of a method that grows like 1 + x⁴/8 a stable interval of 1e-3 is measured where there is none.
  var stabilityLaw: Law? {
    guard stability != StabilityInterval() else { return nil }
    guard stability.real != .infinity else { return nil }
    return Law("stability interval", of: name) {
      var (error, notes) = (0.0, [String]())
      let axes: [(String, Double?, @Sendable (Double) -> Complex)] = [
        ("real", stability.real, { Complex(-$0) }),
        ("imaginary", stability.imaginary, { Complex(0, $0) }),
      ]
      for (axis, published, point) in axes {
        guard let published else { continue }
        let measured = stableLength(of: integrator, upTo: 1.25 * published, along: point)
        error = Swift.max(error, (measured - published).magnitude)
        notes.append("\(axis) \(measured.formatted(decimals: 4))")
      }
      return Law.Figure(value: error, bound: 1e-3, note: notes.joined(separator: ", "))
    }
  }
}

extension CataloguedMethod where Field: TestField {
  /// Points of both axes up to far out, where methods for stiff equations must not amplify.
  var halfPlaneLaws: [Law] {
    guard stability.real == .infinity, stability.imaginary == .infinity else { return [] }
    let sizes = (-8...24).map { Foundation.pow(10, Double($0) / 4) }
    let points = sizes.flatMap { [Complex(-$0), Complex(0, $0), Complex(-$0, 3 * $0)] }
    let stable = Law("A-stable", of: name) {
      let radii = chunked(points, by: 8).flatMap { measuredSteps(of: integrator, at: $0) }
        .map(\.spectralRadius)
      return Law.Figure(
        value: radii.reduce(0, maximumOrNaN) - 1, bound: 1e-12,
        note: "\(points.count) z up to 1e6")
    }
    guard stability.dampsAtInfinity else { return [stable] }
    return [
      stable,
      Law("L-stable", of: name) {
        let far = measuredSteps(of: integrator, at: [Complex(-1e8), Complex(0, 1e8)])
        return Law.Figure(
          value: far.map(\.spectralRadius).reduce(0, maximumOrNaN), bound: 1e-6,
          note: "|R| at |z| = 1e8")
      },
    ]
  }
}

/// The first x from 0 at which a step amplifies, by dividing the interval again and again.
private func stableLength<Method: Integrator>(
  of method: Method, upTo limit: Double, along axis: (Double) -> Complex
) -> Double where Method.Field: TestField {
  // Above the rounding errors of eigenvalues that are not close to one another.
  let tolerance = 1e-13
  let parts = 400
  var (lower, upper) = (0.0, Swift.max(4, limit))
  for _ in 0..<4 {
    let width = (upper - lower) / Double(parts)
    let points = (1...parts).map { lower + Double($0) * width }
    let steps = measuredSteps(of: method, at: points.map(axis))
    guard let first = steps.firstIndex(where: { $0.spectralRadius > 1 + tolerance }) else {
      return upper
    }
    (lower, upper) = (points[first] - width, points[first])
  }
  return upper
}

/// The matrices of a step, measured by stepping from unit vectors.
private func measuredSteps<Method: Integrator>(
  of method: Method, at z: [Complex]
) -> [Amplification] where Method.Field: TestField {
  let field = Method.Field.linear(z)
  let start = method.start(field, at: 0, from: Method.Field.linearStart(z.count), by: 1)
  let zeros = start.leaves.map { Tensor.zeros($0.shape) }
  let columns = zeros.indices.map { column in
    var unit = zeros
    unit[column] = complexOnes(z.count)
    let stepped = method.step(field, at: 0, from: start.replacingLeaves(with: unit), by: 1)
    return stepped.leaves.map(\.values)
  }
  return z.indices.map { point in
    let matrix = zeros.indices.map { row in
      columns.map { Complex($0[row][point], $0[row][point + z.count]) }
    }
    return Amplification(matrix, start: [])
  }
}
