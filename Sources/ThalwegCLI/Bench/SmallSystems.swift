import Thalweg
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

/// Workload W3: 1,000 steps of classical RK4 with h = 1e-3 on systems of a few numbers.
enum SmallSystems {
  /// A point of the Lorenz system, or a batch of them.
  struct Point: VectorSpace {
    var x: Tensor
    var y: Tensor
    var z: Tensor
    static let branches = Branches(\Point.x, \.y, \.z)
  }

  /// Loss and norm of the gradient in exact arithmetic, to the digits of double precision.
  ///
  /// Computed by the textbook formula with exact backpropagation.
  private struct Reference {
    var loss: Double
    var gradientNorm: Double
  }

  private static let references: [String: Reference] = [
    "lorenz batch=1": Reference(loss: 509.90264406063005, gradientNorm: 165.17523868715853),
    "lorenz batch=128": Reference(loss: 509.946696335953, gradientNorm: 165.94728020297663),
    "mlp batch=1": Reference(loss: 4.485388159409054, gradientNorm: 14.668538538947702),
    "mlp batch=128": Reference(loss: 4.672808093179255, gradientNorm: 5.413830561741072),
  ]

  static func run(_ report: (BenchRecord) throws -> Void) throws {
    for batch in [1, 128] {
      try time(lorenz(), from: points(batch), "lorenz batch=\(batch)", report)
      try time(
        network(), from: Tensor(chirp(batch * 10, phase: 0.5), shape: [batch, 10]),
        "mlp batch=\(batch)", report)
    }
  }

  private static func lorenz() -> ODE<Point> {
    ODE(of: Point.self, Tensor([10, 28, 8.0 / 3])) { t, u, p in
      Point(
        x: p[0] * (u.y - u.x), y: u.x * (p[1] - u.z) - u.y, z: u.x * u.y - p[2] * u.z)
    }
  }

  private static func points(_ batch: Int) -> Point {
    let values = chirp(batch * 3, phase: 0.5, amplitude: 0.01).map { $0 + 1 }
    let columns = (0..<3).map { column in
      Tensor(
        (0..<batch).map { values[$0 * 3 + column] }, shape: batch == 1 ? [] : [batch])
    }
    return Point(x: columns[0], y: columns[1], z: columns[2])
  }

  private static func network() -> ODE<Tensor> {
    let sizes = [10, 16, 16, 10]
    var weights: [Tensor] = []
    var biases: [Tensor] = []
    for layer in 0..<3 {
      let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
      let phase = Double(layer)
      weights.append(
        Tensor(
          chirp(inputs * outputs, phase: 0.3 + phase, amplitude: 0.5), shape: [outputs, inputs]))
      biases.append(Tensor(chirp(outputs, phase: 0.9 + phase, amplitude: 0.1)))
    }
    return ODE(weights, biases) { t, y, w, b in
      let first = tanh(matmul(y, w[0].transposed) + b[0])
      let second = tanh(matmul(first, w[1].transposed) + b[1])
      return matmul(second, w[2].transposed) + b[2]
    }
  }

  private static func time<State: VectorSpace>(
    _ dynamics: ODE<State>, from start: State, _ name: String,
    _ report: (BenchRecord) throws -> Void
  ) throws {
    let flow = Flow(dynamics, over: 0...1, steps: 1000, using: RungeKutta(.classic))
    let batch = Double(start.leaves[0].rank == 0 ? 1 : start.leaves[0].shape[0])
    @Sendable func loss(_ flow: Flow<RungeKutta<ODE<State>>>, _ start: State) throws -> Tensor {
      let squares = try flow(start).leaves.map { sum(square($0)) }
      return squares.dropFirst().reduce(squares[0]) { $0 + $1 } * (0.5 / batch)
    }
    let forward = compile { (flow: Flow<RungeKutta<ODE<State>>>, start: State) in
      [try loss(flow, start)]
    }
    let gradient = compile { (flow: Flow<RungeKutta<ODE<State>>>, start: State) in
      let (value, gradient) = try valueAndGradient(at: flow) { try loss($0, start) }
      return [value] + gradient.leaves
    }
    for (task, function) in [("forward", forward), ("gradient", gradient)] {
      let compile = try Stopwatch.seconds { _ = try function.plan(for: flow, start) }
      let outputs = try function(flow, start)
      let watch = try Stopwatch { _ = try function(flow, start) }
      try report(
        record(
          "rk4 \(task) \(name)", watch, compile, outputs, references[name],
          try function.plan(for: flow, start)))
    }
  }

  private static func record(
    _ config: String, _ watch: Stopwatch, _ compile: Double, _ outputs: [Tensor],
    _ reference: Reference?, _ plan: Plan
  ) -> BenchRecord {
    var record = BenchRecord(
      workload: "W3", config: config, metric: "ms per solve", value: watch.best * 1e3, unit: "ms",
      min: watch.best * 1e3, median: watch.median * 1e3, compileMilliseconds: compile * 1e3)
    let loss = outputs[0].scalar
    record.loss = loss
    record.arenaBytes = plan.arenaBytes
    guard let reference else { return record }
    record.lossRelativeError = abs(loss - reference.loss) / reference.loss
    if outputs.count > 1 {
      let norm = outputs.dropFirst().flatMap(\.values).reduce(0) { $0 + $1 * $1 }.squareRoot()
      record.gradientRelativeError = abs(norm - reference.gradientNorm) / reference.gradientNorm
    }
    return record
  }
}
