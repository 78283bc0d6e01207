import ArgumentParser
import Foundation
import ThalwegDiffusion
import ThalwegTensors

/// The flags of a classical filter.
struct FilterOptions: ParsableArguments {
  @Option(help: "How steps are taken.", completion: .list(schemes))
  var scheme = "fsi"

  @Option(help: "What flows because of a derivative.", completion: .list(fluxes))
  var flux = "charbonnier"

  @Option(
    help: "The derivatives: gradient, hessian or laplacian.", completion: .list(operators))
  var `operator` = "gradient"

  @Option(help: "Edges below this many grey values are smoothed; by default by the noise.")
  var contrast: Double?

  @Option(help: "How long is diffused, in squared pixels; by default by the noise.")
  var time: Double?

  @Option(help: "The number of steps, or of cycles; by default as few as are stable.")
  var steps: Int?

  @Option(help: "The inner steps of a cycle of fsi.")
  var cycle = 8

  @Option(help: "The iterations of a fixed point (8), or the cycles of multigrid (2).")
  var iterations: Int?

  @Option(help: "What flows together: channels, responses or none.")
  var coupling = "channels"

  @Flag(help: "Take steps even where they are not stable.")
  var unstable = false

  private static let schemes = ["explicit", "dff", "fsi", "fixed-point", "implicit", "multigrid"]
  static let fluxes = [
    "linear", "charbonnier", "perona-malik", "exponential-perona-malik", "total-variation",
  ]
  private static let operators = ["gradient", "hessian", "laplacian"]

  func validate() throws {
    try FlagRange.check("--scheme", [scheme], Self.schemes)
    try FlagRange.check("--flux", [flux], Self.fluxes)
    try FlagRange.check("--operator", [`operator`], Self.operators)
    try FlagRange.check(
      "--coupling", [coupling], Diffusion.Coupling.allCases.map(\.rawValue))
    try FlagRange.check("--contrast", contrast, upTo: 1e6)
    try FlagRange.check("--time", time, upTo: 1e6)
    try FlagRange.check("--cycle", cycle, 1...200)
    try FlagRange.check("--iterations", iterations, 1...200)
    try FlagRange.check("--steps", steps, 1...1_000_000)
    guard scheme != "multigrid" || `operator` == "gradient" else {
      throw ValidationError("--scheme multigrid is for --operator gradient only")
    }
  }

  /// The scheme with its numbers.
  var chosenScheme: DiffusionScheme {
    switch scheme {
    case "explicit": .explicit
    case "dff": .duFortFrankel()
    case "fixed-point": .fixedPoint(iterations: iterations ?? 8)
    case "implicit": .implicit
    case "multigrid": .multigrid(cycles: iterations ?? 2)
    default: .semiIterative(cycle: cycle)
    }
  }

  /// A flux of a contrast, in values from 0 to 1.
  static func flux(named name: String, contrast: Double) -> Flux {
    let λ = Tensor([contrast], shape: [], dtype: .float32)
    return switch name {
    case "linear": .linear
    case "perona-malik": .peronaMalik(contrast: λ)
    case "exponential-perona-malik": .exponentialPeronaMalik(contrast: λ)
    case "total-variation": .totalVariation(smoothing: λ)
    default: .charbonnier(contrast: λ)
    }
  }

  private var derivative: DerivativeOperator {
    switch `operator` {
    case "hessian": .hessian()
    case "laplacian": .laplacian()
    default: .gradient()
    }
  }

  /// The result of the filter, where pixels may be known that stay.
  func applied(to input: Tensor, known: Tensor?) throws -> (Tensor, DenoiseRecord) {
    let noise = NoiseEstimate(of: input).level
    let usual = UsualParameters(flux: flux, noise: noise, isFilling: known != nil)
    let (contrast, time) = ((contrast ?? 255 * usual.contrast) / 255, time ?? usual.time)
    let diffusion = Diffusion(
      derivative, flux: Self.flux(named: flux, contrast: contrast),
      coupling: Diffusion.Coupling(rawValue: coupling) ?? .channels, known: known)
    let filter = try DiffusionFilter(
      diffusion, time: time, scheme: chosenScheme, steps: steps, on: input.shape,
      allowingUnstableSteps: unstable)
    let result = try run(filter, diffusion, time, input)
    let record = DenoiseRecord(
      filter, flux: flux, contrast: 255 * contrast, time: time, noise: 255 * noise, input)
    return (result, record)
  }

  /// Runs the filter, with progress by the time that one step takes.
  private func run(
    _ filter: DiffusionFilter, _ diffusion: Diffusion, _ time: Double, _ input: Tensor
  ) throws -> Tensor {
    var expected: Double?
    if filter.steps > 8 {
      let probe = try DiffusionFilter(
        diffusion, time: time / Double(filter.steps), scheme: filter.scheme, steps: 1,
        on: input.shape, allowingUnstableSteps: true)
      _ = try probe(input)
      let clock = ContinuousClock()
      expected =
        (try clock.measure { _ = try probe(input) }) / .seconds(1) * Double(filter.steps)
    }
    let progress = SolveProgress("denoising", expected: expected)
    defer { progress.finish() }
    return try filter(input)
  }
}
