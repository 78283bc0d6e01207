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

  /// What is solved, and the batch.
  private enum System: String, CaseIterable {
    case lorenz, mlp
  }

  private struct Reference {
    var loss: Double
    var gradient: Fingerprint
  }

  /// Loss and gradient by the textbook formula in double precision.
  private static let references: [String: Reference] = [
    "lorenz batch=1": Reference(
      loss: 509.90264406063005,
      gradient: Fingerprint(norm: 165.17523868715853, probe: 11.21348893902938)),
    "lorenz batch=128": Reference(
      loss: 509.946696335953,
      gradient: Fingerprint(norm: 165.94728020297663, probe: 11.237541054639301)),
    "mlp batch=1": Reference(
      loss: 4.485388159409054,
      gradient: Fingerprint(norm: 14.668538538947702, probe: -2.2549688001240935)),
    "mlp batch=128": Reference(
      loss: 4.672808093179255,
      gradient: Fingerprint(norm: 5.413830561741072, probe: 1.6441909439857572)),
  ]

  /// Errors of double precision; the Lorenz system multiplies them.
  private static let limits = BenchErrors(loss: 1e-11, gradient: 1e-9)

  static let cases = System.allCases.flatMap { system in
    [1, 128].flatMap { batch in
      ["forward", "gradient"].map { task in
        BenchCase("W3", "\(system) batch=\(batch) \(task)", "RK4") { example, settings in
          let measurement = Measurement(
            example: example, settings: settings, isGradient: task == "gradient",
            reference: references["\(system) batch=\(batch)"])
          return switch system {
          case .lorenz: try [measurement.record(lorenz(), from: points(batch))]
          case .mlp:
            try [
              measurement.record(
                network(), from: Tensor(chirp(batch * 10, phase: 0.5), shape: [batch, 10]))
            ]
          }
        }
      }
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

  private struct Measurement {
    let example: BenchCase
    let settings: BenchSettings
    let isGradient: Bool
    let reference: Reference?

    func record<State: VectorSpace>(
      _ dynamics: ODE<State>, from start: State
    ) throws -> BenchRecord {
      let flow = Flow(dynamics, over: 0...1, steps: 1000, using: RungeKutta(.classic))
      let function = isGradient ? gradient(of: flow) : forward(flow)
      let compile = try Stopwatch.seconds { _ = try function.plan(for: flow, start) }
      var outputs: [Tensor] = []
      let memory = try ResidentMemory.growth { outputs = try function(flow, start) }
      let watch = try Stopwatch(settings, isWarm: true) { outputs = try function(flow, start) }
      var record = BenchRecord(
        example, isGradient ? "ms per gradient" : "ms per solve", watch, scale: 1e3, unit: "ms",
        settings: settings)
      record.compileSeconds = compile
      record.peakMebibytes = memory
      record.arenaBytes = try function.plan(for: flow, start).arenaBytes
      compare(outputs, in: &record)
      return record
    }

    private typealias Solve<State: VectorSpace> = CompiledFunction<
      [Tensor], Flow<RungeKutta<ODE<State>>>, State
    >

    private func forward<State: VectorSpace>(
      _ flow: Flow<RungeKutta<ODE<State>>>
    ) -> Solve<State> {
      compile { flow, start in [try Self.loss(flow, start)] }
    }

    private func gradient<State: VectorSpace>(
      of flow: Flow<RungeKutta<ODE<State>>>
    ) -> Solve<State> {
      compile { flow, start in
        let (value, gradient) = try valueAndGradient(at: flow) { try Self.loss($0, start) }
        return [value] + gradient.leaves
      }
    }

    /// Half the squares of the final state, a sample.
    private static func loss<State: VectorSpace>(
      _ flow: Flow<RungeKutta<ODE<State>>>, _ start: State
    ) throws -> Tensor {
      let first = start.leaves[0]
      let batch = first.rank == 0 ? 1 : first.shape[0]
      let squares = try flow(start).leaves.map { sum(square($0)) }
      return squares.dropFirst().reduce(squares[0], +) * (0.5 / Double(batch))
    }

    private func compare(_ outputs: [Tensor], in record: inout BenchRecord) {
      let loss = outputs[0].scalar
      record.loss = loss
      var errors = BenchErrors()
      errors.loss = reference.map { abs(loss / $0.loss - 1) }
      if isGradient {
        // The reference has the parameters of each layer together.
        let leaves = Array(outputs.dropFirst())
        let half = leaves.count / 2
        let ordered =
          leaves.count == 1 ? leaves : (0..<half).flatMap { [leaves[$0], leaves[half + $0]] }
        let numbers = ordered.flatMap(\.values)
        record.describe(gradient: numbers)
        errors.gradient = reference.map { $0.gradient.error(of: numbers) }
      }
      record.compare(errors, within: SmallSystems.limits)
    }
  }
}
