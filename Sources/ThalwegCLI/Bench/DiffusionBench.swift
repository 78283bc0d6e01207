import Thalweg
import ThalwegDiffusion
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

/// Workload W6: explicit nonlinear diffusion of an image or a line of points.
///
/// Each pixel moves along g(d) d for the differences d to its neighbours, by forward Euler.
enum DiffusionBench {
  /// The law of diffusion.
  enum Law: String, CaseIterable {
    case peronaMalik = "perona-malik"
    case charbonnier

    /// g(d) d with g = 1 / (1 + (d/0.1)²), or the root of that.
    var flux: Flux {
      self == .peronaMalik ? .peronaMalik(contrast: 0.1) : .charbonnier(contrast: 0.1)
    }
  }

  static let cases = ["2d", "1d"].flatMap { dimension in
    Law.allCases.flatMap { law in
      [100, 1000].map { steps in
        BenchCase("W6", "\(law.rawValue) \(dimension) \(steps) steps", "Euler") {
          try [measure($0, $1, law, steps, isImage: dimension == "2d")]
        }
      }
    }
  }

  /// Errors of single precision over 1,000 steps.
  ///
  /// On a line they have the pattern of the data, which the probe sees √n times as large.
  private static func limits(isImage: Bool) -> BenchErrors {
    BenchErrors(result: isImage ? 5e-6 : 1e-4)
  }

  private static func measure(
    _ example: BenchCase, _ settings: BenchSettings, _ law: Law, _ steps: Int, isImage: Bool
  ) throws -> BenchRecord {
    let field = Diffusion(.gradient(dimensions: isImage ? 2 : 1), flux: law.flux)
    let horizon = (isImage ? 0.2 : 0.4) * Double(steps)
    let flow = Flow(field, over: 0...horizon, steps: steps, using: RungeKutta(.euler))
    let start = isImage ? image() : line()
    var end = start
    // A flow is compiled when it is first called.
    let compile = try Stopwatch.seconds {
      _ = try Flow(field, over: 0...1, steps: 1, using: RungeKutta(.euler))(start)
    }
    let memory = try ResidentMemory.growth { end = try flow(start) }
    let watch = try Stopwatch(settings, isWarm: true) { end = try flow(start) }
    var record = BenchRecord(
      example, "steps per second", watch, scale: 1, unit: "s", settings: settings)
    record.invert(Double(steps), unit: "1/s")
    record.compileSeconds = compile
    record.peakMebibytes = memory
    record.arenaBytes = flow.statistics.arenaBytes
    compare(end.values, in: &record, within: limits(isImage: isImage))
    return record
  }

  private static func image() -> Tensor {
    var values = chirp(512 * 512, phase: 0.4, amplitude: 0.1)
    for row in 128..<384 {
      for column in 128..<384 { values[row * 512 + column] += 1 }
    }
    return Tensor(values, shape: [512, 512], dtype: .float32)
  }

  private static func line() -> Tensor {
    var values = chirp(262_144, phase: 0.4, amplitude: 0.1)
    for index in 65_536..<196_608 { values[index] += 1 }
    return Tensor(values, shape: [262_144], dtype: .float32)
  }

  private static func compare(
    _ values: [Double], in record: inout BenchRecord, within limits: BenchErrors
  ) {
    guard let reference = DiffusionReference.all[record.config] else { return }
    let mean = values.reduce(0, +) / Double(values.count)
    let scale = reference.image.norm / Double(values.count).squareRoot()
    let samples = reference.samples.enumerated().map { index, sample in
      abs(values[index * values.count / 8 + DiffusionReference.firstSample] - sample) / scale
    }
    let error = ([abs(mean - reference.mean) / scale] + samples).reduce(
      reference.image.error(of: values), max)
    record.compare(BenchErrors(result: error), within: limits)
  }
}
