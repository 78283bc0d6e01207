/// Which methods fit the eigenvalues of dynamics, with the step that each may take and what it costs.
///
///     let advice = try advise(for: field, at: y0, over: 10)
///     print(advice)                     // all of it in words
///     advice.best?.name                 // "verlet"
///     advice.best?.step                 // 0.02
///
/// Costs are estimates in evaluations of the right-hand side over the whole span: exact for explicit
/// methods, and for methods that solve equations the products that Krylov methods need on such
/// eigenvalues.
public struct MethodAdvice: Sendable {
  /// What the eigenvalues are like.
  public enum Character: String, Hashable, Sendable {
    /// There are none to speak of: nothing changes within the span.
    case slow
    /// Real and not positive: what differs decays.
    case diffusive
    /// Imaginary: what differs neither decays nor grows.
    case oscillating
    /// Of both signs alike: some components grow about as fast as others decay, as near a saddle, and
    /// accuracy has to follow them.
    case saddle
    /// Real parts and imaginary parts both matter.
    case mixed
  }

  /// A method with its step.
  public struct Option: Sendable {
    /// The name in the catalogue.
    public let name: String
    /// How it is written.
    public let code: String
    /// The step that stability and accuracy allow.
    public let step: Double
    /// The steps over the span.
    public let steps: Int
    /// The estimated evaluations of the right-hand side over the span.
    public let cost: Double
    /// Whether stability, and not accuracy, sets the step.
    public let isLimitedByStability: Bool
    /// Whether it keeps what the dynamics keep, or damps what they damp.
    public let fits: Bool
    /// Why it fits or does not.
    public let reason: String
  }

  /// A method that amplifies at any step.
  public struct Rejection: Sendable {
    /// The name in the catalogue.
    public let name: String
    /// Why no step is stable.
    public let reason: String
  }

  /// The eigenvalues.
  public let spectrum: Spectrum
  /// What they are like.
  public let character: Character
  /// The span of time that costs are for.
  public let span: Double
  /// The step that is short enough for accuracy with a method of order 4.
  public let accurateStep: Double
  /// The methods that are stable, the best one first.
  public let options: [Option]
  /// The methods that are not.
  public let rejections: [Rejection]
  /// What else should be known, in sentences.
  public let remarks: [String]

  /// The method to begin with.
  public var best: Option? { options.first }
}

extension MethodAdvice: CustomStringConvertible {
  public var description: String {
    var lines = [
      "The eigenvalues are \(words): real parts from \(short(spectrum.leftmost)) to"
        + " \(short(spectrum.abscissa)), imaginary parts up to"
        + " \(short(spectrum.eigenvalues.map(\.imaginary.magnitude).max() ?? 0))."
    ]
    if let best {
      lines.append(
        "Use \(best.code) with h = \(short(best.step)): \(best.reason), about"
          + " \(short(best.cost)) evaluations over a span of \(short(span)).")
    }
    for option in options.dropFirst() {
      lines.append(
        "  \(option.name): h = \(short(option.step)), \(option.steps) steps, about"
          + " \(short(option.cost)) evaluations; \(option.reason)")
    }
    lines += rejections.map { "  not \($0.name): \($0.reason)" }
    return (lines + remarks).joined(separator: "\n")
  }

  private var words: String {
    switch character {
    case .slow: "small: accuracy limits the step, not stability"
    case .diffusive:
      spectrum.structure == .symmetric ? "real, those of diffusion" : "real: what differs decays"
    case .saddle: "those of a saddle: some components grow as fast as others decay"
    case .oscillating: "imaginary, those of oscillation"
    case .mixed: "neither real nor imaginary"
    }
  }
}

/// A number with three digits.
package func short(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return "\(value)" }
  let exponent = decimalExponent(of: value)
  if (-3...5).contains(exponent) {
    let unit = power(2 - exponent)
    let rounded = (value * unit).rounded() / unit
    return rounded == rounded.rounded() ? "\(Int(rounded))" : trimmed(rounded)
  }
  let mantissa = (value / power(exponent) * 100).rounded() / 100
  return "\(trimmed(mantissa))e\(exponent)"
}

private func decimalExponent(of value: Double) -> Int {
  var (exponent, rest) = (0, value.magnitude)
  while rest >= 9.995 {
    rest /= 10
    exponent += 1
  }
  while rest < 0.9995 {
    rest *= 10
    exponent -= 1
  }
  return exponent
}

private func power(_ exponent: Int) -> Double {
  (0..<exponent.magnitude).reduce(1.0) { power, _ in exponent > 0 ? power * 10 : power / 10 }
}

private func trimmed(_ value: Double) -> String {
  value == value.rounded() ? "\(Int(value))" : "\(value)"
}
