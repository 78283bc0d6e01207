import ExampleSupport
import Thalweg

/// A neural differential equation learns a spiral from pieces of it, and then draws the whole.
@main
enum Spiral: Example {
  typealias Model = Flow<RungeKutta<ODE<Tensor>>>

  static func run(_ options: Options) throws {
    // The spiral: y' = y³ A, at 501 times.
    let matrix: Tensor = [[-0.1, 2], [-2, -0.1]]
    let truth = ODE { t, y in matmul(y * y * y, matrix) }
    let times = (0...500).map { 0.05 * Double($0) }
    let exact = Flow(
      truth, over: 0...25, tolerance: .relative(1e-9, absolute: 1e-9),
      using: EmbeddedRungeKutta(.tsitouras5))
    let path = stack(
      try exact.trajectory(from: [2, 0], at: times).states
    ).to(.float32)

    // The network is the right-hand side. It sees y³, and not how the components mix.
    let network = ODE(Dense(2, 50, seed: 1), Dense(50, 2, seed: 2)) { t, y, a, b in
      b(tanh(a(y * y * y)))
    }
    var model = Flow(network, over: 0...0.25, steps: 10, using: RungeKutta(.classic))

    // From every point of the path it is to find the five that follow: one batch of 496 pieces.
    let starts = path.slice(0..<496)
    let following = stack((1...5).map { path.slice($0..<($0 + 496)) })
    let steps = (1...5).map { 0.05 * Double($0) }
    let misfit = compile { (model: Model, starts: Tensor, following: Tensor) in
      try ValueAndGradient(at: model) { model in
        let states = try model.trajectory(from: starts, at: steps).states
        return mean(square(stack(states) - following))
      }
    }
    var optimizer = Adam(learningRate: 0.01)
    let updates = options.isQuick ? 1_000 : 3_000
    for update in 0..<updates {
      optimizer.learningRate = 0.01 * (1 - Double(update) / Double(updates))
      let step = try misfit(model, starts, following)
      optimizer.update(&model, along: step.gradient)
    }

    try draw(model, path, at: times, into: options.folder)
  }

  /// The whole spiral from its first point alone, with the same network in a longer flow.
  static func draw(_ model: Model, _ path: Tensor, at times: [Double], into folder: String) throws {
    let whole = Flow(model.dynamics, over: 0...25, steps: 1_000, using: RungeKutta(.classic))
    let drawn = stack(try whole.trajectory(from: path[0], at: times).states)
    let distance = mean(sqrt(sum(square(drawn - path), over: [1]))).scalar
    print("mean distance from the spiral", distance.rounded(to: 3))

    var plot = Plot("A spiral, learned", x: "y₁", y: "y₂", isSquare: true)
    let columns = path.split(into: 2, along: 1).map(\.values)
    let found = drawn.split(into: 2, along: 1).map(\.values)
    plot.add("the spiral", x: columns[0], y: columns[1], as: .points)
    plot.add("the network, from the first point", x: found[0], y: found[1])
    try plot.write(to: "\(folder)/spiral")
  }
}
