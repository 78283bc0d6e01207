import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension CataloguedMethod where Field: TestField {
  /// Steps on linear equations against the closed form, at many z with |z| ≤ 3.
  var amplificationLaw: Law {
    Law("R(z)", of: name) {
      let error = try [1, 2, 3].map { steps in
        try amplificationError(of: integrator, after: steps, amplification)
      }.reduce(0, Swift.max)
      return Law.Figure(value: error, bound: 1e-14, note: "\(testPoints.count) z, 1 to 3 steps")
    }
  }
}

/// Points on both axes and in the disc between them.
private let testPoints: [Complex] = {
  let axis = (-12...12).map { Double($0) / 4 }
  let disc = axis.flatMap { x in axis.map { y in Complex(x, y) } }
  return disc.filter { $0.magnitude <= 3 }
}()

/// The largest error of a flow on a linear equation, relative to max(1, |what is carried|).
private func amplificationError<Method: Integrator>(
  of method: Method, after steps: Int, _ closedForm: (Complex) -> Amplification
) throws -> Double where Method.Field: TestField {
  // A power of two, so that hλ is exact.
  let h = 0.25
  let field = Method.Field.linear(testPoints.map { $0 * Complex(1 / h) })
  let flow = Flow(field, over: 0...Double(steps) * h, steps: steps, using: method)
  let leaves = try flow(Method.Field.linearStart(testPoints.count)).leaves.map(\.values)
  var error = 0.0
  for (column, z) in testPoints.enumerated() {
    let exact = closedForm(z).carried(after: steps)
    let scale = exact.map(\.magnitude).reduce(1, Swift.max)
    for (leaf, values) in leaves.enumerated() {
      // Momenta are carried as hp.
      let unit = Complex(leaf == 0 ? 1 : h)
      let value = Complex(values[column], values[column + testPoints.count])
      error = Swift.max(error, (unit * value - exact[leaf]).magnitude / scale)
    }
  }
  return error
}
