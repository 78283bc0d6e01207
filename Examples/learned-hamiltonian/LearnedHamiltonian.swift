import ExampleSupport
import Thalweg

/// An energy is learned from motion.
///
/// The motion that follows from it keeps it; that of a plain network, trained on the same data, does not.
@main
enum LearnedHamiltonian: Example {
  /// Kinetic and potential energy are networks; force and velocity are their derivatives.
  static func energies() -> SeparableHamiltonian {
    SeparableHamiltonian(
      Dense(1, 32, seed: 1), Dense(32, 1, seed: 2), Dense(1, 32, seed: 3), Dense(32, 1, seed: 4)
    ) { p, a, b, _, _ in
      sum(b(tanh(a(p))))
    } potential: { q, _, _, c, d in
      sum(d(tanh(c(q))))
    }
  }

  /// As many weights again, without an energy behind them.
  static func plainNetwork() -> ODE<PhasePoint> {
    ODE(of: PhasePoint.self, Dense(2, 32, seed: 5), Dense(32, 2, seed: 6)) { t, y, a, b in
      let slope = b(tanh(a(concatenate([y.q, y.p], along: 1))))
      return PhasePoint(q: slope.slice(0..<1, along: 1), p: slope.slice(1..<2, along: 1))
    }
  }

  static func run(_ options: Options) throws {
    // Pendulums from 400 places, and where they are half a second later.
    let pendulum = SeparableODE { t, p in
      p
    } force: { t, q in
      -sin(q)
    }
    let places = 2 * Tensor.randomUniform([2, 400, 1], key: 1) - 1
    let starts = PhasePoint(q: 2 * places[0], p: 1.5 * places[1])
    let ends = try Flow(pendulum, over: 0...0.5, steps: 50, using: Verlet())(starts)
    let data = [starts, ends].map { $0.mapLeaves { $0.to(.float32) } }
    let updates = options.isQuick ? 800 : 4_000

    let learned = try trained(
      Flow(energies(), over: 0...0.5, steps: 5, using: Verlet()), on: data, updates)
    let plain = try trained(
      Flow(plainNetwork(), over: 0...0.5, steps: 5, using: RungeKutta(.classic)), on: data, updates)

    // A pendulum that none of them has seen, for a hundred seconds.
    let start = PhasePoint(
      q: Tensor([Float(1.2)], shape: [1, 1]), p: .zeros([1, 1], dtype: .float32))
    var plot = Plot("A pendulum by what was learned", x: "time", y: "true energy of the motion")
    func follow<Method: Integrator>(_ name: String, _ flow: Flow<Method>) throws
    where Method.Field.State == PhasePoint {
      let path = try flow.trajectory(from: start)
      let energy = path.states.map { 0.5 * square($0.p).scalar - cos($0.q).scalar }
      let drift = energy.map { abs($0 - energy[0]) }.max() ?? 0
      print(name, "energy drift", drift.rounded(to: 3))
      plot.add(name, x: path.times, y: energy)
    }
    try follow(
      "learned energy", Flow(learned.dynamics, over: 0...100, steps: 1_000, using: Verlet()))
    try follow(
      "plain network",
      Flow(plain.dynamics, over: 0...100, steps: 1_000, using: RungeKutta(.classic)))
    try plot.write(to: "\(options.folder)/learned-hamiltonian")
  }

  /// A flow that was trained to lead from the first states of the data to the second ones.
  static func trained<Method: Integrator>(
    _ new: Flow<Method>, on data: [PhasePoint], _ updates: Int
  ) throws -> Flow<Method> where Method.Field.State == PhasePoint {
    var flow = new
    let misfit = compile { (flow: Flow<Method>, data: [PhasePoint]) in
      try ValueAndGradient(at: flow) { flow in
        let found = try flow(data[0])
        return mean(square(found.q - data[1].q)) + mean(square(found.p - data[1].p))
      }
    }
    var optimizer = Adam(learningRate: 0.01)
    for update in 0..<updates {
      optimizer.learningRate = 0.01 * (1 - Double(update) / Double(updates))
      let step = try misfit(flow, data)
      optimizer.update(&flow, along: step.gradient)
    }
    return flow
  }
}
