import Thalweg
import ThalwegKernels
import ThalwegStability
import ThalwegTensors

/// Workload W5: eigenvalues of the Jacobian of a layer of convolutions.
///
///     parabolic: -K₁ᵀ relu(N(K₁ Y)),   free: K₂ᵀ relu(N(K₁ Y))
enum SpectrumBench {
  /// The layer.
  enum Kind: String {
    case parabolic, free
  }

  /// Which eigenvalues are asked for.
  private static let questions: [(Kind, String, Spectrum.Part)] = [
    (.parabolic, "1 largest", .largest(1)), (.parabolic, "20 leftmost", .leftmost(20)),
    (.parabolic, "20 rightmost", .rightmost(20)), (.free, "1 largest", .largest(1)),
    (.free, "20 rightmost", .rightmost(20)),
  ]

  static let cases =
    questions.flatMap { kind, name, part in
      [DType.float64, .float32].map { dtype in
        BenchCase("W5", "\(kind.rawValue) \(name) of 16384 \(dtype.word)", "Arnoldi") {
          [try measure($0, $1, kind, part, dtype)]
        }
      }
    }
    + [512, 2048].map { size in
      BenchCase("W5", "parabolic all of \(size) f64", "dense") { [try measureAll($0, $1, size)] }
    }

  private static func measure(
    _ example: BenchCase, _ settings: BenchSettings, _ kind: Kind, _ part: Spectrum.Part,
    _ dtype: DType
  ) throws -> BenchRecord {
    let state = state(channels: 16, side: 32, dtype)
    let layer = layer(kind, channels: 16, dtype)
    var made: Jacobian?
    let compile = try Stopwatch.seconds {
      made = try Jacobian(at: state, of: layer)
      _ = try made?.product(with: state.values)
    }
    guard let jacobian = made else { preconditionFailure("a Jacobian that was just made") }
    var found: Spectrum?
    let memory = try ResidentMemory.growth { found = try jacobian.spectrum(part, by: .krylov) }
    let watch = try Stopwatch(settings, isWarm: true) {
      found = try jacobian.spectrum(part, by: .krylov)
    }
    var record = BenchRecord(example, "time", watch, scale: 1, unit: "s", settings: settings)
    record.compileSeconds = compile
    record.peakMebibytes = memory
    if let found { describe(found, tolerance: dtype == .float64 ? 1e-8 : 1e-4, in: &record) }
    return record
  }

  private static func measureAll(
    _ example: BenchCase, _ settings: BenchSettings, _ size: Int
  ) throws -> BenchRecord {
    let side = size == 512 ? 8 : 16
    let state = state(channels: 8, side: side, .float64)
    let layer = layer(.parabolic, channels: 8, .float64)
    var found: Spectrum?
    func solve() throws {
      found = try Jacobian(at: state, samples: .independent, of: layer)
        .spectrum(.all, by: .dense)
    }
    let memory = try ResidentMemory.growth(solve)
    let watch = try Stopwatch(settings, isWarm: true, solve)
    var record = BenchRecord(example, "time", watch, scale: 1, unit: "s", settings: settings)
    record.peakMebibytes = memory
    record.note = "with tracing and compilation"
    if let found { describe(found, tolerance: 1e-11, in: &record) }
    return record
  }

  /// Compares eigenvalues and residuals with the reference.
  private static func describe(
    _ spectrum: Spectrum, tolerance: Double, in record: inout BenchRecord
  ) {
    record.residual = spectrum.residual
    record.products = spectrum.products
    if let remark = spectrum.remarks.first { record.note = "\(remark)" }
    guard let reference = SpectrumReference.all[record.config.dropLast(4).description] else {
      // Half of the eigenvalues are the one that is asked for: to say so is the right answer.
      let isIllPosed = spectrum.remarks.contains {
        if case .repeated(let value, let copies) = $0 {
          value.magnitude < 1e-3 && copies > 400
        } else {
          false
        }
      }
      record.agrees = isIllPosed
      return
    }
    let error = reference.error(of: spectrum)
    record.compare(
      BenchErrors(result: Swift.max(error, spectrum.residual)),
      within: BenchErrors(result: tolerance))
  }

  // MARK: - Data

  private static func state(channels: Int, side: Int, _ dtype: DType) -> Tensor {
    let shape: Shape = [1, channels, side, side]
    return Tensor(chirp(shape.elementCount, phase: 0.7), shape: shape, dtype: dtype)
  }

  private static func layer(
    _ kind: Kind, channels: Int, _ dtype: DType
  ) -> (Tensor) -> Tensor {
    let shape: Shape = [channels, channels, 3, 3]
    let amplitude = (2 / Double(9 * channels)).squareRoot()
    func kernel(_ phase: Double) -> Tensor {
      Tensor(
        chirp(shape.elementCount, phase: phase, amplitude: amplitude), shape: shape, dtype: dtype)
    }
    let (first, second) = (kernel(0.3), kernel(1.3))
    return { y in
      let response = relu(InstanceNormalization()(convolution(y, first)))
      return kind == .parabolic
        ? -transposedConvolution(response, first) : transposedConvolution(response, second)
    }
  }
}

extension DType {
  var word: String { self == .float64 ? "f64" : "f32" }
}
