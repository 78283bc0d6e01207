public import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
public import ThalwegTensors

/// Which method and step fit dynamics at a state, with the reason and the estimated cost of each.
///
///     print(try advise(for: heat, at: u0, over: 0.1))
///
/// Imaginary eigenvalues ask for a method that conserves, negative ones for one that damps within a long
/// interval or solves equations, and others for a splitting into two parts. Where some components grow
/// as fast as others decay, accuracy has to follow them, and nothing is stiff. Among the methods that
/// fit, the cheapest comes first.
///
/// The accurate step is that of a method of order 4, a sixteenth of the span unless it is given; methods
/// of lower order take shorter ones, for an error of a thousandth. It must be what accuracy alone asks
/// for, such as the mean step of an implicit method with a tolerance: a step that was chosen to be stable
/// makes every problem look as if it were not stiff.
///
/// - Cost: a spectrum; see ``spectrum(of:at:time:_:by:tolerance:eigenvectors:samples:)``.
/// - Errors: ``SpectrumError``. Traps where the span or the step is not positive.
public func advise<Field: Dynamics>(
  for f: Field, at y: Field.State, over span: Double = 1, time: Double = 0,
  accurateStep: Double? = nil
) throws -> MethodAdvice {
  let jacobian = try Jacobian(of: f, at: y, time: time)
  let advisor = Advisor(try jacobian.spectrum(), span, accurateStep)
  // Where the rate is hard to find, it is that of many eigenvalues and not of a perturbation alone.
  let rate = try? jacobian.logarithmicNorm(tolerance: 1e-3)
  return advisor.advice(.general, initialRate: rate)
}

/// Which method and step fit separable dynamics, those of ``Verlet`` among them.
///
/// - Errors: ``SpectrumError``.
public func advise<Field: SeparableDynamics>(
  for f: Field, at y: PhasePoint, over span: Double = 1, time: Double = 0,
  accurateStep: Double? = nil
) throws -> MethodAdvice {
  let jacobian = try Jacobian(of: f, at: y, time: time)
  let advisor = Advisor(try jacobian.spectrum(), span, accurateStep)
  return advisor.advice(.separable, initialRate: nil)
}

/// Which method and step fit an equation of second order.
///
/// - Errors: ``SpectrumError``.
public func advise<Field: SecondOrderDynamics>(
  for f: Field, at y: Tensor, over span: Double = 1, time: Double = 0,
  accurateStep: Double? = nil
) throws -> MethodAdvice {
  let advisor = Advisor(try spectrum(of: f, at: y, time: time), span, accurateStep)
  return advisor.advice(.secondOrder, initialRate: nil)
}

/// Weighs methods against each other.
struct Advisor {
  /// The kinds of equations, which decide what methods there are.
  enum Kind { case general, separable, secondOrder }

  let spectrum: Spectrum
  let span: Double
  let accurateStep: Double
  /// The largest magnitudes of what decays, of what grows and of what oscillates.
  let decay: Double
  let growth: Double
  let frequency: Double

  init(_ spectrum: Spectrum, _ span: Double, _ accurateStep: Double?) {
    require(span > 0 && span.isFinite, "advise: a span of \(span)")
    require(accurateStep ?? 1 > 0, "advise: an accurate step of \(accurateStep ?? 0)")
    self.spectrum = spectrum
    self.span = span
    self.accurateStep = Swift.min(accurateStep ?? span / 16, span)
    decay = Swift.max(0, -(spectrum.cleaned.map(\.real).min() ?? 0))
    growth = Swift.max(0, spectrum.cleaned.map(\.real).max() ?? 0)
    frequency = spectrum.cleaned.map(\.imaginary.magnitude).max() ?? 0
  }

  var character: MethodAdvice.Character {
    // What a step does not see, and what is far smaller than the rest, is of no account.
    func matters(_ rate: Double) -> Bool { rate * accurateStep > 0.3 }
    guard matters(decay) || matters(frequency) else { return .slow }
    if matters(frequency), decay <= 0.05 * frequency || !matters(decay) { return .oscillating }
    if growth >= 0.5 * decay { return .saddle }
    return frequency <= 0.01 * decay || !matters(frequency) ? .diffusive : .mixed
  }

  func advice(_ kind: Kind, initialRate: Double?) -> MethodAdvice {
    var (options, rejections): ([MethodAdvice.Option], [MethodAdvice.Rejection]) = ([], [])
    for candidate in candidates(kind) {
      switch weigh(candidate) {
      case .success(let option): options.append(option)
      case .failure(let reason):
        rejections.append(.init(name: candidate.name, reason: reason.words))
      }
    }
    options.sort { ($0.fits ? 0 : 1, $0.cost) < ($1.fits ? 0 : 1, $1.cost) }
    return MethodAdvice(
      spectrum: spectrum, character: character, span: span, accurateStep: accurateStep,
      options: options, rejections: rejections,
      remarks: remarks(kind, initialRate) + [adaptive(options)].compactMap { $0 })
  }

  private func remarks(_ kind: Kind, _ initialRate: Double?) -> [String] {
    var remarks: [String] = []
    if spectrum.abscissa > 1e-6 * spectrum.radius, spectrum.abscissa * span > 0.1 {
      remarks.append(
        "Some perturbations grow by the dynamics themselves, at a rate of"
          + " \(short(spectrum.abscissa)); steps are chosen for the others.")
    }
    if let initialRate, initialRate > 0.1 * spectrum.radius,
      spectrum.abscissa < 0.5 * initialRate
    {
      remarks.append(
        "The Jacobian is far from normal: perturbations may grow at first at a rate of"
          + " \(short(initialRate)), whatever the eigenvalues say; halve the steps.")
    }
    switch character {
    case .oscillating where kind != .general, .saddle where kind != .general:
      remarks.append("Steps of verlet can be undone: ReversibleAdjoint trains in constant memory.")
    case .diffusive where decay * span > 30:
      remarks.append(
        "The flow forgets: undoing it would amplify rounding errors by exp(\(short(decay * span)));"
          + " use CheckpointedAdjoint, not a reversible one.")
    default: break
    }
    return remarks
  }

  /// The method to begin with where a tolerance is given and not a step.
  private func adaptive(_ options: [MethodAdvice.Option]) -> String? {
    let explicit = options.first { $0.name == "rk4" }?.step ?? 0
    let isStiff = explicit < accurateStep / 4
    let method: String? =
      switch character {
      case .diffusive where isStiff, .mixed where isStiff: "RadauIIA5()"
      // Long steps through oscillations are those of methods that conserve, at equal lengths.
      case .oscillating where isStiff: nil
      default: "EmbeddedRungeKutta(.tsitouras5)"
      }
    return method.map { "With a tolerance, \($0) finds the steps by itself." }
  }
}
