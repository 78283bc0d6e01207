import Thalweg
import ThalwegAdjoints
import ThalwegIntegrators
import ThalwegTensors

/// One measurement of a block, whatever its method.
struct BlockMeasurement {
  let example: BenchCase
  let settings: BenchSettings

  /// A block and where it starts: what the gradient is taken with respect to.
  struct Problem<Method: Integrator>: TensorTree {
    var flow: Flow<Method>
    var start: Method.Field.State
    static var branches: Branches<Self> { Branches(\.flow, \.start) }

    /// Half the squares of the final state, a sample.
    func loss() throws -> Tensor {
      let squares = try flow(start).leaves.map { sum(square($0)) }
      return squares.dropFirst().reduce(squares[0], +) * (0.5 / Double(BlockShape.batch))
    }
  }

  /// Errors of single precision; a few activations sit on the kink of relu.
  private static let limits = BenchErrors(loss: 1e-5, gradient: 1e-3, gradientInput: 3e-3)

  func record<Method: Integrator>(
    _ shape: BlockShape, _ fields: [Method.Field], _ method: Method,
    _ adjoint: some Adjoint<Method>, from start: Method.Field.State
  ) throws -> BenchRecord {
    let flow = Flow(stages: fields, over: 0...shape.horizon, using: method, adjoint: adjoint)
    let problem = Problem(flow: flow, start: start)
    let step = compile { (problem: Problem<Method>) in
      let (loss, gradient) = try valueAndGradient(at: problem) { try $0.loss() }
      return [loss] + gradient.leaves
    }
    let compile = try Stopwatch.seconds { _ = try step.plan(for: problem) }
    var results: [Tensor] = []
    let memory = try ResidentMemory.growth { results = try step(problem) }
    let limit = { MachineBench.burst(threads: settings.threads) }
    let watch = try Stopwatch(settings, isWarm: true, beside: limit) {
      results = try step(problem)
    }
    let plan = try step.plan(for: problem)
    var record = BenchRecord(
      example, "ms per gradient", watch, scale: 1e3, unit: "ms", settings: settings)
    record.compileSeconds = compile
    record.peakMebibytes = memory
    record.arenaBytes = plan.arenaBytes
    rate(watch, shape, plan.evaluations, in: &record)
    compare(results, shape, in: &record)
    return record
  }

  /// Operations of the convolutions that are computed: two in an evaluation of a layer, and four
  /// where it is pulled back, to its argument and to its weights.
  private func rate(
    _ watch: Stopwatch, _ shape: BlockShape, _ evaluations: Int, in record: inout BenchRecord
  ) {
    let convolutions = shape.layers * (2 * evaluations + 4 * shape.steps)
    record.rate(
      Double(convolutions) * shape.operations / watch.value, peak: watch.companions.max())
  }

  private func compare(
    _ results: [Tensor], _ shape: BlockShape, in record: inout BenchRecord
  ) {
    let loss = results[0].scalar
    let kernels = results[1...(shape.steps * shape.layers)].flatMap(\.values)
    let start = Array(results[(1 + shape.steps * shape.layers)...])
    let images = concatenate(start, along: 1).values
    record.loss = loss
    record.describe(gradient: kernels)
    record.gradientInputNorm = Fingerprint(of: images).norm
    guard let reference = BlockReference.all[shape.name] else { return }
    record.compare(
      BenchErrors(
        loss: abs(loss / reference.loss - 1), gradient: reference.kernels.error(of: kernels),
        gradientInput: reference.images.error(of: images)),
      within: Self.limits)
  }
}
