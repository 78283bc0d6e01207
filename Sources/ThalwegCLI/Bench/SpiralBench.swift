import Thalweg
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// Workload W1: a training step of the spiral neural ODE.
///
/// Each of the nine intervals between outputs is one step of the 3/8 rule, which all systems have,
/// so that all do the same arithmetic: 36 evaluations of the network.
enum SpiralBench {
  static let cases = [DType.float32, .float64].map { dtype in
    BenchCase("W1", dtype == .float32 ? "f32" : "f64", "3/8 rule, direct") { example, settings in
      try [measure(example, settings, dtype)]
    }
  }

  /// What a training step starts from, and what it leaves for the next one.
  struct Training: TensorTree {
    var weights: [Tensor]
    /// The running means of the squares of the gradient.
    var squares: [Tensor]
    static let branches = Branches(\Training.weights, \.squares)
  }

  /// What a training step finds.
  struct Step: TensorTree {
    var loss: Tensor
    var gradient: [Tensor]
    var next: Training
    static let branches = Branches(\Step.loss, \.gradient, \.next)
  }

  /// From RK4 with 40 steps an interval: the first gradient, and losses before the first and the
  /// last update.
  private static let gradient = Fingerprint(norm: 0.03612113058188793, probe: 0.026266893094371725)
  private static let losses = (first: 0.09746503847585501, last: 0.017371372903154176)

  /// The last loss depends on signs of differences that are close to zero, and on quotients of
  /// small gradients, hence its limit.
  private static func limits(_ dtype: DType) -> BenchErrors {
    dtype == .float32
      ? BenchErrors(loss: 1e-6, lossLast: 2e-2, gradient: 1e-5)
      : BenchErrors(loss: 1e-9, lossLast: 2e-2, gradient: 1e-8)
  }

  private static func measure(
    _ example: BenchCase, _ settings: BenchSettings, _ dtype: DType
  ) throws -> BenchRecord {
    let spiral = Spiral()
    let batches = (0..<Spiral.trainingSteps).map { step in
      (
        start: Tensor(spiral.starts(of: step), shape: [Spiral.batch, 2], dtype: dtype),
        target: Tensor(
          spiral.targets(of: step), shape: [Spiral.times, Spiral.batch, 2], dtype: dtype)
      )
    }
    let shapes: [Shape] = [[Spiral.hidden, 2], [Spiral.hidden], [2, Spiral.hidden], [2]]
    let weights = zip(Spiral.weights, shapes).map { Tensor($0, shape: $1, dtype: dtype) }
    let initial = Training(
      weights: weights, squares: shapes.map { Tensor.zeros($0, dtype: dtype) })
    let step = compile { (training: Training, start: Tensor, target: Tensor) in
      try Self.step(training, from: start, to: target)
    }
    let compile = try Stopwatch.seconds {
      _ = try step.plan(for: initial, batches[0].start, batches[0].target)
    }
    var found: [Step] = []
    func train() throws {
      found = []
      var training = initial
      for batch in batches {
        found.append(try step(training, batch.start, batch.target))
        training = found[found.count - 1].next
      }
    }
    let memory = try ResidentMemory.growth(train)
    let watch = try Stopwatch(settings, isWarm: true, train)
    var record = BenchRecord(
      example, "ms per training step", watch, scale: 1e3 / Double(Spiral.trainingSteps),
      unit: "ms", settings: settings)
    record.compileSeconds = compile
    record.peakMebibytes = memory
    describe(found, in: &record, within: limits(dtype))
    return record
  }

  private static func describe(
    _ steps: [Step], in record: inout BenchRecord, within limits: BenchErrors
  ) {
    let (first, last) = (steps[0].loss.scalar, steps[steps.count - 1].loss.scalar)
    let numbers = steps[0].gradient.flatMap(\.values)
    record.loss = first
    record.lossLast = last
    record.describe(gradient: numbers)
    record.compare(
      BenchErrors(
        loss: abs(first / losses.first - 1), lossLast: abs(last / losses.last - 1),
        gradient: gradient.error(of: numbers)),
      within: limits)
  }

  /// One step of RMSprop along the gradient of the mean absolute deviation.
  private static func step(
    _ training: Training, from start: Tensor, to target: Tensor
  ) throws -> Step {
    let times = (0..<Spiral.times).map { Double($0) * Spiral.interval }
    let (loss, gradient) = try valueAndGradient(at: training.weights) { weights in
      let network = ODE(weights) { t, y, w in
        matmul(tanh(matmul(y * y * y, w[0].transposed) + w[1]), w[2].transposed) + w[3]
      }
      let flow = Flow(
        network, over: 0...times[Spiral.times - 1], steps: Spiral.times - 1,
        using: RungeKutta(.threeEighths))
      let states = try flow.trajectory(from: start, at: times).states
      return mean(abs(stack(states) - target))
    }
    let squares = zip(training.squares, gradient).map { 0.99 * $0 + 0.01 * square($1) }
    let weights = zip(training.weights, zip(gradient, squares)).map { weight, pair in
      weight - 1e-3 * pair.0 / (sqrt(pair.1) + 1e-8)
    }
    return Step(
      loss: loss, gradient: gradient, next: Training(weights: weights, squares: squares))
  }
}
