/// What is proved of the steps of a scheme through a diffusion, with the numbers that it rests on.
///
///     let certificate = try diffusion.certificate(for: .explicit, step: 0.2, on: [512, 512])
///     print(certificate.isNormStable, certificate.largestStep)
///     print(certificate)
///
/// What is not claimed may hold all the same. Norms are Euclidean.
public struct StabilityCertificate: Hashable, Sendable, CustomStringConvertible {
  /// The scheme.
  public let scheme: DiffusionScheme
  /// The size of a step, τ; of a whole cycle for FSI.
  public let step: Double
  /// The Lipschitz constant of the flux, L.
  public let lipschitz: Double
  /// The bound on ‖D‖².
  public let squaredNorm: Double
  /// The largest step that is stable; infinite where all are, and 0 where none is.
  public let largestStep: Double
  /// Whether ‖u₊‖ ≤ ‖u‖ for each step.
  public let isNormStable: Bool
  /// Whether ‖u₊ - v₊‖ ≤ ‖u - v‖ for any two states.
  public let isNonexpansive: Bool
  /// The most by which a step may multiply ‖u - v‖, where that is known.
  public let expansion: Double?
  /// The most by which all steps together may multiply the norm for a linear flux, where that is more
  /// than 1 and known.
  public let growth: Double?
  /// What is proved, and what is not, in sentences.
  public let statements: [String]

  /// Whether the step is not longer than the largest one, up to rounding.
  public var isStable: Bool { step <= largestStep * (1 + 1e-12) }

  public var description: String {
    let bound = "L = \(Float(lipschitz)), ‖D‖² ≤ \(Float(squaredNorm))"
    let limit = largestStep.isFinite ? "largest step \(Float(largestStep))" : "any step"
    return (["\(scheme.name), step \(Float(step)): \(bound), \(limit)"] + statements)
      .joined(separator: "\n  ")
  }
}
