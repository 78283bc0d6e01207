import CThalwegMeter
import Thalweg
import ThalwegTensors

/// Functions of a million floats, against copying them.
enum ElementwiseBench {
  private static let count = 1 << 20

  private static let functions: [(name: String, function: @Sendable (Tensor) -> Tensor)] = [
    ("exp", { exp($0) }), ("tanh", { tanh($0) }), ("log", { log($0) }),
    ("softplus", { softplus($0) }), ("sigmoid", { sigmoid($0) }), ("relu", { relu($0) }),
  ]

  static let cases = functions.flatMap { name, function in
    [false, true].map { isParallel in
      BenchCase(
        "elementwise", "\(name) of \(count) floats", isParallel ? "all threads" : "1 thread"
      ) { example, settings in
        let settings = settings.applied(isParallel: isParallel)
        return try [measure(example, settings, function, isPositive: name == "log")]
      }
    }
  }

  /// The compiled function as it is called: its result is memory of its own.
  private static func measure(
    _ example: BenchCase, _ settings: BenchSettings,
    _ function: @escaping @Sendable (Tensor) -> Tensor, isPositive: Bool
  ) throws -> BenchRecord {
    let values = chirp(count, phase: 0.5, amplitude: 4).map { isPositive ? abs($0) + 0.01 : $0 }
    let x = Tensor(values, shape: [count], dtype: .float32)
    let compiled = compile { (x: Tensor) in function(x) }
    let limit = { copy(settings) }
    let watch = try Stopwatch(settings, beside: limit) { _ = try compiled(x) }
    var record = BenchRecord(
      example, "ns per element", watch, scale: 1e9 / Double(count), unit: "ns", settings: settings)
    if let best = watch.companions.max() {
      record.timesCopy = watch.value * best / Double(2 * 4 * count)
    }
    return record
  }

  /// Bytes a second of copies of as many floats.
  private static func copy(_ settings: BenchSettings) -> Double {
    let plan = tw_meter_plan(threads: Int32(settings.threads), bursts: 3, seconds: 0.005)
    return tw_meter_bandwidth(TW_METER_COPY, Int64(2 * 4 * count), plan).best
  }
}
