import ExampleSupport
import Thalweg

/// A pendulum by four methods.
///
/// Two gain or lose energy all the time; two are symplectic, and swing about the right energy for ever.
@main
enum PendulumAndEnergy: Example {
  static func run(_ options: Options) throws {
    // The motion is all in the energy: its derivatives are the velocity and the force.
    let pendulum = SeparableHamiltonian { p in
      0.5 * sum(p * p)
    } potential: { q in
      -sum(cos(q))
    }
    let start = PhasePoint(q: [1.5], p: [0])
    let (span, h) = (options.isQuick ? 50.0 : 200.0, 0.1)

    // The method is one word. This is the largest error of the energy, and the way there.
    var plot = Plot(
      "Energy of a pendulum, steps of 0.1", x: "time", y: "error of the energy",
      scales: (.linear, .logarithmic))
    func follow<Method: Integrator<SeparableHamiltonian>>(
      _ name: String, _ method: Method
    ) throws {
      let flow = Flow(pendulum, over: 0...span, steps: Int(span / h), using: method)
      let path = try flow.trajectory(from: start)
      let energy = pendulum.energy(start).scalar
      let errors = path.states.map { abs(pendulum.energy($0).scalar - energy) }
      print(name, "energy error", (errors.max() ?? 0).rounded(to: 4))
      // The first error is 0, which has no place on a logarithmic axis.
      plot.add(name, x: Array(path.times.dropFirst()), y: Array(errors.dropFirst()))
    }
    try follow("forward Euler", RungeKutta(.euler))
    try follow("Runge-Kutta 4", RungeKutta(.classic))
    try follow("symplectic Euler", SymplecticEuler())
    try follow("Verlet", Verlet())
    try plot.write(to: "\(options.folder)/pendulum-and-energy")
  }
}
