import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
public import ThalwegKernels
public import ThalwegTensors

/// A diffusion carried out by a scheme: a classical filter for signals and images.
///
///     let diffusion = Diffusion(
///       .gradient(), flux: .charbonnier(contrast: 0.05), coupling: .responses)
///     let filter = try DiffusionFilter(
///       diffusion, time: 4, scheme: .semiIterative(cycle: 10), on: noisy.shape)
///     let clean = try filter(noisy)
///
/// Without a number of steps they are as long as the scheme allows with a margin, from the flux and ‖D‖.
///
/// - Errors: ``DiffusionError`` where steps would be longer than the largest stable one, unless
///   unstable ones are allowed.
public struct DiffusionFilter: Sendable {
  /// What is proved of the steps.
  public let certificate: StabilityCertificate
  /// The number of steps, or of cycles.
  public let steps: Int
  /// The scheme, with the numbers that were chosen.
  public let scheme: DiffusionScheme
  private let run: @Sendable (Tensor) throws -> Tensor

  /// Creates a filter for states of a shape.
  public init(
    _ diffusion: Diffusion, time: Double, scheme: DiffusionScheme, steps: Int? = nil,
    on shape: Shape, allowingUnstableSteps isUnstableAllowed: Bool = false
  ) throws {
    guard time > 0, time.isFinite else { throw DiffusionError.notPositive("time", value: time) }
    if let steps, steps < 1 {
      throw DiffusionError.notPositive("number of steps", value: Double(steps))
    }
    let norm = try diffusion.derivative.squaredNorm(on: shape)
    let eigenvalue =
      Swift.max(diffusion.flux.lipschitz, diffusion.flux.ratios.upperBound) * norm
    let chosen = steps ?? Self.steps(for: scheme, time, largestEigenvalue: eigenvalue)
    let step = time / Double(chosen)
    var scheme = scheme
    if case .duFortFrankel(nil) = scheme { scheme = .duFortFrankel(alpha: 0.3 * eigenvalue) }
    let certificate = try diffusion.certificate(for: scheme, step: step, on: shape)
    if !isUnstableAllowed { try Self.check(certificate, time) }
    self.certificate = certificate
    self.scheme = scheme
    self.steps = chosen
    run = try Self.flow(diffusion, time, chosen, scheme)
  }

  /// The state at the end.
  ///
  /// - Errors: ``IntegrationError`` where it does not stay finite, or equations are not solved.
  public func callAsFunction(_ u: Tensor) throws -> Tensor { try run(u) }

  /// So many steps that they are stable with a margin, and for implicit ones that they are accurate.
  private static func steps(
    for scheme: DiffusionScheme, _ time: Double, largestEigenvalue: Double
  ) -> Int {
    let unit = largestEigenvalue > 0 ? 1 / largestEigenvalue : time
    // A flux is followed as it changes from cycle to cycle only.
    var fewest = 1.0
    if case .semiIterative = scheme { fewest = 4 }
    let step: Double =
      switch scheme {
      // Half of the bound: nothing then overshoots.
      case .explicit: unit
      case .duFortFrankel: 4 * unit
      case .semiIterative(let cycle): 1.9 * unit * FastSemiIterative<Diffusion>.reach(cycle: cycle)
      case .fixedPoint: unit / 2
      case .implicit, .multigrid: Swift.max(time / 10, unit)
      }
    return Int(Swift.min(1e9, Swift.max(fewest, (time / step).rounded(.up))))
  }

  private static func check(_ certificate: StabilityCertificate, _ time: Double) throws {
    let name = certificate.scheme.name
    guard certificate.largestStep > 0 else {
      throw DiffusionError.noStableStep(
        scheme: name, reason: certificate.statements.first ?? "nothing is proved")
    }
    guard certificate.isStable else {
      throw DiffusionError.unstableStep(
        certificate.step, largest: certificate.largestStep, scheme: name,
        steps: Int(Swift.min(1e18, (time / certificate.largestStep).rounded(.up))))
    }
  }

  private static func flow(
    _ diffusion: Diffusion, _ time: Double, _ steps: Int, _ scheme: DiffusionScheme
  ) throws -> @Sendable (Tensor) throws -> Tensor {
    func flow<Method: Integrator>(_ method: Method) -> @Sendable (Tensor) throws -> Tensor
    where Method.Field == Diffusion {
      let flow = Flow(diffusion, over: 0...time, steps: steps, using: method)
      return { try flow($0) }
    }
    switch scheme {
    case .explicit: return flow(RungeKutta(.euler))
    case .duFortFrankel(let alpha): return flow(DuFortFrankel(alpha: alpha ?? 1))
    case .semiIterative(let cycle): return flow(FastSemiIterative(cycle: cycle))
    case .fixedPoint(let iterations): return flow(FixedPointEuler(iterations: iterations))
    case .implicit:
      let preconditioner =
        diffusion.isOnFaces ? StagePreconditioner.multigrid(for: diffusion) : nil
      return flow(
        BackwardEuler(
          solver: NewtonKrylov(tolerance: 1e-5, linear: .gmres(restart: 30)),
          preconditioner: preconditioner))
    case .multigrid(let cycles):
      guard diffusion.isOnFaces else {
        throw DiffusionError.unsuitableOperator(
          scheme: scheme.name, expected: "the gradient, with fluxes of lengths")
      }
      return flow(MultigridEuler(cycles: cycles))
    }
  }
}
