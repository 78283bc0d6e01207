import ExampleSupport
import Thalweg

/// A stiff oscillator: an implicit method crosses it in a few hundred steps, and the gradient goes the
/// same steps back.
@main
enum StiffVanDerPol: Example {
  static func run(_ options: Options) throws {
    // y' = z, ε z' = (1 - y²) z - y. With ε of a millionth the solution creeps and jumps.
    let oscillator = ODE(Tensor(1e-6)) { t, y, ε in
      [y[1], ((1 - y[0] * y[0]) * y[1] - y[0]) / ε]
    }
    let start: Tensor = [2, 0]
    let tolerance = Tolerance.relative(1e-8, absolute: 1e-8)
    let flow = Flow(oscillator, over: 0...2, tolerance: tolerance, using: RadauIIA5())
    let end = try flow(start)
    print("y(2)", end[0].scalar.rounded(to: 10), "z(2)", end[1].scalar.rounded(to: 10))
    print("steps", flow.statistics.accepted)

    // The derivative of y(2) by the start: the adjoint solves a linear system for each step.
    let sensitivity = try valueAndGradient(at: start) { try flow($0)[0] }.gradient
    print("dy(2)/dy(0)", sensitivity[0].scalar.rounded(to: 8))

    // The derivative by ε is a part of the gradient by the flow itself.
    let gradient = try valueAndGradient(at: flow) { try $0(start)[0] }.gradient
    let slope = gradient.dynamics.parameters(as: Tensor.self).scalar
    // What a quotient of differences says.
    func ending(_ ε: Double) throws -> Double {
      let changed = flow.replacingLeaves(with: [Tensor(ε)])
      return try changed(start)[0].scalar
    }
    let quotient = try (ending(1.02e-6) - ending(0.98e-6)) / 4e-8
    print("dy(2)/dε", slope.rounded(to: 8))
    print("quotient of differences", quotient.rounded(to: 8))

    let path = try flow.trajectory(from: start)
    var plot = Plot("Van der Pol's oscillator, ε = 10⁻⁶", x: "time", y: "y")
    // Of each ten steps one is shown.
    let shown = path.times.indices.filter { $0 % 10 == 0 || $0 == path.times.count - 1 }
    plot.add(
      "every tenth step of Radau IIA", x: shown.map { path.times[$0] },
      y: shown.map { path.states[$0][0].scalar }, as: .markedLine)
    try plot.write(to: "\(options.folder)/stiff-van-der-pol")
  }
}
