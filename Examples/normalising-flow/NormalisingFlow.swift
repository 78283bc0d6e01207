import ExampleSupport
import Thalweg

/// A density in the plane, learned from points: a flow carries them to a normal distribution and keeps
/// account of volumes.
@main
enum NormalisingFlow: Example {
  typealias Model = Flow<RungeKutta<MovingDensity>>

  /// log p(x) = log N(x(1)) + ∫ div f dt.
  static func logDensity(_ model: Model, _ points: Tensor) throws -> Tensor {
    let end = try model(MovingPoints(points))
    return -0.5 * sum(square(end.x), over: [1]) - 1.8378770664093453 + end.growth  // log 2π
  }

  /// The same flow with another divergence.
  static func model(_ field: MovingDensity, _ divergence: MovingDensity.Divergence) -> Model {
    var field = field
    field.divergence = divergence
    return Flow(field, over: 0...1, steps: 16, using: RungeKutta(.classic))
  }

  static func run(_ options: Options) throws {
    // Training needs the divergence on average only: Hutchinson's estimate does, with other signs and
    // other points each time.
    var field = MovingDensity()
    let likelihood = compile { (field: MovingDensity, points: Tensor, signs: Tensor) in
      try ValueAndGradient(at: field) { field in
        -mean(try logDensity(model(field, .hutchinson(signs)), points))
      }
    }
    var optimizer = Adam(learningRate: 0.01)
    let updates = options.isQuick ? 100 : 1_000
    for update in 1...updates {
      optimizer.learningRate = 0.01 * (1 - Double(update) / Double(updates + 1))
      let step = try likelihood(field, moons(256, key: update), signs(256, key: update))
      optimizer.update(&field, along: step.gradient)
    }

    // New points, by both divergences.
    let fresh = moons(1_000, key: 0)
    let exact = model(field, .exact)
    let found = try logDensity(exact, fresh)
    let estimated = try logDensity(model(field, .hutchinson(signs(1_000, key: 0))), fresh)
    let difference = estimated - found
    let error = sqrt(mean(square(difference)) / 1_000).scalar
    print("log density of new points", mean(found).scalar.rounded(to: 4))
    print("Hutchinson off by", mean(difference).scalar.rounded(to: 3))
    print("standard error", error.rounded(to: 3))
    try draw(exact, fresh, into: options.folder)
  }

  /// The density on a grid: its sum says whether it is one.
  static func draw(_ model: Model, _ points: Tensor, into folder: String) throws {
    let axis = (0...120).map { -6 + 0.1 * Double($0) }
    let grid = Tensor(axis.flatMap { y in axis.flatMap { [$0, y] } }, shape: [121 * 121, 2])
    let density = exp(try logDensity(model, grid))
    print("integral of the density", (0.01 * sum(density).scalar).rounded(to: 8))

    var plot = Plot("A density learned from points", x: "x₁", y: "x₂", isSquare: true)
    let shown = 25...95
    let rows = density.reshaped(to: [121, 121]).slice(25..<96).slice(25..<96, along: 1)
    plot.addField(
      "density", x: Array(axis[shown]), y: Array(axis[shown]),
      values: rows.split(into: 71).map(\.values))
    let shownPoints = points.slice(400..<600)
    plot.add(
      "new points", x: shownPoints.slice(0..<1, along: 1).values,
      y: shownPoints.slice(1..<2, along: 1).values, as: .points)
    try plot.write(to: "\(folder)/normalising-flow")
  }

  /// Two half circles that reach into each other, with noise.
  static func moons(_ count: Int, key: Int) -> Tensor {
    let key = Tensor(Double(key))
    let angle = Double.pi * Tensor.randomUniform([count / 2], key: key)
    let upper = stack([1.5 * cos(angle) - 0.75, 1.5 * sin(angle) - 0.4], along: 1)
    let noise = Tensor.randomNormal([count, 2], key: key, stream: 1)
    return concatenate([upper, -upper]) + 0.15 * noise
  }

  /// ±1 by lot.
  static func signs(_ count: Int, key: Int) -> Tensor {
    2 * step(Tensor.randomUniform([count, 2], key: Tensor(Double(key)), stream: 2) - 0.5) - 1
  }
}
