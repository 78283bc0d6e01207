import Foundation

/// The result of one configuration of a workload: one JSON object, or one line of a table.
struct BenchRecord: Encodable {
  var workload: String
  var peer = "thalweg"
  var config: String
  var variant = ""
  var metric: String
  var value: Double
  var unit: String
  var min: Double?
  var median: Double?
  /// Bursts, and the cores that other processes used meanwhile.
  var bursts: Int?
  var others: Double?
  var threads: Int?
  var compileSeconds: Double?
  var peakMebibytes: Double?
  var arenaBytes: Int?
  /// Arithmetic a second, and the fraction of the peak that was measured beside it.
  var gigaflops: Double?
  var peakGigaflops: Double?
  var fractionOfPeak: Double?
  /// The time in units of the time of a copy, or of a solve.
  var timesCopy: Double?
  var timesSolve: Double?
  /// What errors of steps were allowed, the steps, and the evaluations of the dynamics.
  var tolerance: Double?
  var steps: Int?
  var evaluations: Int?
  /// Of eigenvalues: the largest residual, relative to the largest magnitude, and the products.
  var residual: Double?
  var products: Int?
  /// Results.
  var loss: Double?
  var lossLast: Double?
  var gradientNorm: Double?
  /// The product of the gradient with a chirp.
  var gradientProbe: Double?
  var gradientInputNorm: Double?
  /// Differences of the results from reference values, relative to these.
  var errors = BenchErrors()
  /// Whether all of them are within what rounding explains; none where nothing was compared.
  var agrees: Bool?
  /// What is worth knowing about the numbers.
  var note: String?

  enum CodingKeys: String, CodingKey {
    case workload, peer, config, variant, metric, value, unit, min, median, bursts, others, threads
    case loss, agrees, note, gigaflops, tolerance, steps, evaluations
    case compileSeconds = "compile_s"
    case peakMebibytes = "peak_rss_mib"
    case arenaBytes = "arena_bytes"
    case peakGigaflops = "peak_gigaflops"
    case fractionOfPeak = "fraction_of_peak"
    case lossLast = "loss_last"
    case gradientNorm = "grad_norm"
    case gradientProbe = "grad_probe"
    case gradientInputNorm = "grad_input_norm"
    case timesCopy = "times_copy"
    case timesSolve = "times_solve"
    case errors, residual, products
  }

  /// A record of a timing.
  init(
    _ example: BenchCase, _ metric: String, _ watch: Stopwatch, scale: Double, unit: String,
    settings: BenchSettings
  ) {
    self.init(example, metric, watch.value * scale, unit: unit)
    min = watch.best * scale
    median = watch.median * scale
    bursts = watch.bursts
    others = watch.others
    threads = settings.threads
  }

  /// A record of a number.
  init(_ example: BenchCase, _ metric: String, _ value: Double, unit: String) {
    workload = example.workload
    config = example.config
    variant = example.variant
    self.metric = metric
    self.value = value
    self.unit = unit
  }

  /// Turns seconds for so much work into work a second.
  mutating func invert(_ work: Double, unit: String) {
    value = work / value
    // The least time is the highest rate.
    (min, median) = (min.map { work / $0 }, median.map { work / $0 })
    self.unit = unit
  }

  /// Sets what is said of a gradient.
  mutating func describe(gradient values: [Double]) {
    let fingerprint = Fingerprint(of: values)
    gradientNorm = fingerprint.norm
    gradientProbe = fingerprint.probe
  }

  /// Sets the operations a second, and their fraction of the peak.
  mutating func rate(_ rate: Double, peak: Double?) {
    gigaflops = rate * 1e-9
    guard let peak, peak > 0 else { return }
    peakGigaflops = peak * 1e-9
    fractionOfPeak = rate / peak
  }

  /// Sets the differences from the reference and says whether they are small.
  mutating func compare(_ errors: BenchErrors, within limits: BenchErrors) {
    self.errors = errors
    agrees = errors.isWithin(limits)
  }

  /// Prints the record in the form that was asked for.
  func print(json: Bool) throws {
    Swift.print(json ? try self.json : line)
  }

  /// One line of a table.
  private var line: String {
    let name = variant.isEmpty ? config : "\(config), \(variant)"
    var parts = ["\(workload)  \(name.padded(to: 46))\(Self.short(value, 11)) \(unit)"]
    if let compileSeconds { parts.append("compile \(Self.short(compileSeconds * 1e3)) ms") }
    if let peakMebibytes { parts.append("memory \(Self.short(peakMebibytes)) MiB") }
    if let gigaflops { parts.append("\(Self.short(gigaflops)) GFLOP/s") }
    if let fractionOfPeak { parts.append("\(Self.short(100 * fractionOfPeak)) % of the peak") }
    if let timesCopy { parts.append("\(Self.short(timesCopy)) times a copy") }
    if let timesSolve { parts.append("\(Self.short(timesSolve)) times a solve") }
    if let steps { parts.append("\(steps) steps") }
    parts += errors.named.map { "\($0) error \(String(format: "%.1e", $1))" }
    if let residual { parts.append("residual \(String(format: "%.1e", residual))") }
    if let products { parts.append("\(products) products") }
    if agrees == false { parts.append("DISAGREES WITH THE REFERENCE") }
    if let note { parts.append(note) }
    return parts.joined(separator: "  ")
  }

  private static func short(_ value: Double, _ width: Int = 0) -> String {
    let text = String(format: "%.4g", value)
    return String(repeating: " ", count: Swift.max(0, width - text.count)) + text
  }
}
