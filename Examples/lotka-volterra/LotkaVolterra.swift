import ExampleSupport
import Thalweg

/// Hares and lynxes: the state of the differential equation is a struct of one's own.
struct Populations: VectorSpace {
  var prey: Tensor
  var predators: Tensor
  static let branches = Branches(\Populations.prey, \.predators)
}

/// The rates of a differential equation, found from noisy counts by following the gradient of the
/// misfit through the integration.
@main
enum LotkaVolterra: Example {
  typealias Model = Flow<RungeKutta<ODE<Populations>>>

  /// The equation with four rates, integrated over 8 years in steps of 1/25.
  static func model(_ rates: [Double]) -> Model {
    let field = ODE(of: Populations.self, Tensor(rates)) { t, y, k in
      let meals = y.prey * y.predators
      return Populations(
        prey: k[0] * y.prey - k[1] * meals, predators: k[2] * meals - k[3] * y.predators)
    }
    return Flow(field, over: 0...8, steps: 200, using: RungeKutta(.classic))
  }

  static func run(_ options: Options) throws {
    let start = Populations(prey: [1], predators: [0.5])
    let times = (0...50).map { 0.16 * Double($0) }

    // Counts of nature: the true rates, and two percent of noise.
    let truth = [1.3, 0.9, 0.8, 1.8]
    let path = try model(truth).trajectory(from: start, at: times).states
    let noise = exp(0.02 * Tensor.randomNormal([2, 51], key: 7))
    let counts = stack([
      concatenate(path.map(\.prey)) * noise[0], concatenate(path.map(\.predators)) * noise[1],
    ])

    // What is fitted is a model with wrong rates. Loss and gradient become one compiled function.
    var fitted = model([1, 1, 1, 1])
    let misfit = compile { (model: Model, counts: Tensor) in
      try ValueAndGradient(at: model) { model in
        let states = try model.trajectory(from: start, at: times).states
        let found = stack([
          concatenate(states.map(\.prey)), concatenate(states.map(\.predators)),
        ])
        return mean(square(log(found) - log(counts)))
      }
    }
    var optimizer = Adam(learningRate: 0.05)
    let updates = 600
    for update in 1...updates {
      optimizer.learningRate = 0.05 * (1 - Double(update) / Double(updates + 1))
      let step = try misfit(fitted, counts)
      optimizer.update(&fitted, along: step.gradient)
    }
    let rates = fitted.dynamics.parameters(as: Tensor.self).values
    print("rates found", rates.map { $0.rounded(to: 5) }.joined(separator: " "))
    print("true rates ", truth.map { $0.rounded(to: 5) }.joined(separator: " "))
    try draw(fitted, from: start, counts, at: times, into: options.folder)
  }

  static func draw(
    _ model: Model, from start: Populations, _ counts: Tensor, at times: [Double],
    into folder: String
  ) throws {
    let smooth = (0...400).map { 0.02 * Double($0) }
    let states = try model.trajectory(from: start, at: smooth).states
    var plot = Plot("Rates fitted to counts", x: "years", y: "thousands")
    plot.add("prey, fitted", x: smooth, y: states.map(\.prey.scalar))
    plot.add("predators, fitted", x: smooth, y: states.map(\.predators.scalar))
    plot.add("prey, counted", x: times, y: counts[0].values, as: .points)
    plot.add("predators, counted", x: times, y: counts[1].values, as: .points)
    try plot.write(to: "\(folder)/lotka-volterra")
  }
}
