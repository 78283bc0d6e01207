import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension CataloguedMethod where Field: TestField {
  /// Steps on linear equations against the closed form, at many z with |z| ≤ 3.
  var amplificationLaw: Law {
    Law("R(z)", of: name) {
      let sets = isImplicit ? pointsOfSystems : [testPoints]
      let counts = isImplicit ? [2] : [1, 2, 3]
      let error = try sets.flatMap { points in
        try counts.map { steps in
          try amplificationError(
            of: integrator, at: points, after: steps, by: comparedStep, amplification)
        }
      }.reduce(0, maximumOrNaN)
      return Law.Figure(
        value: error, bound: 1e-14 * rounding.inStages,
        note: "\(sets.map(\.count).reduce(0, +)) z, \(counts) steps")
    }
  }
}

/// Consecutive parts of a list, of a length and one of the rest.
func chunked<Element>(_ elements: [Element], by length: Int) -> [[Element]] {
  stride(from: 0, to: elements.count, by: length).map {
    Array(elements[$0..<Swift.min($0 + length, elements.count)])
  }
}

/// Points on both axes and in the disc between them.
private let testPoints: [Complex] = {
  let axis = (-12...12).map { Double($0) / 4 }
  let disc = axis.flatMap { x in axis.map { y in Complex(x, y) } }
  return disc.filter { $0.magnitude <= 3 }
}()

/// A part of them in small groups, without those near poles, for methods that solve a system of all
/// z of a group.
private let pointsOfSystems: [[Complex]] = {
  let left = testPoints.filter { $0.real <= 0.5 }
  return chunked(left.indices.filter { $0.isMultiple(of: 3) }.map { left[$0] }, by: 8)
}()

/// The largest error of a flow on a linear equation, relative to max(1, |what is carried|).
private func amplificationError<Method: Integrator>(
  of method: Method, at points: [Complex], after steps: Int, by h: Double,
  _ closedForm: (Complex) -> Amplification
) throws -> Double where Method.Field: TestField {
  // Steps are powers of two, so that hλ is exact.
  let field = Method.Field.linear(points.map { $0 * Complex(1 / h) })
  let flow = Flow(field, over: 0...Double(steps) * h, steps: steps, using: method)
  let leaves = try flow(Method.Field.linearStart(points.count)).leaves.map(\.values)
  var error = 0.0
  for (column, z) in points.enumerated() {
    let exact = closedForm(z).carried(after: steps)
    let scale = exact.map(\.magnitude).reduce(1, Swift.max)
    for (leaf, values) in leaves.enumerated() {
      // Momenta are carried as hp.
      let unit = Complex(leaf == 0 ? 1 : h)
      let value = Complex(values[column], values[column + points.count])
      error = Swift.max(error, (unit * value - exact[leaf]).magnitude / scale)
    }
  }
  return error
}
