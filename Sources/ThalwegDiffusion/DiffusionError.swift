import ThalwegKernels

/// Why a diffusion is not carried out as it was asked for.
public enum DiffusionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A step is longer than the largest stable one.
  case unstableStep(Double, largest: Double, scheme: String, steps: Int)
  /// No step of the scheme is known to be stable for the flux.
  case noStableStep(scheme: String, reason: String)
  /// A number that has to be positive is not.
  case notPositive(String, value: Double)
  /// The scheme needs an operator of another kind.
  case unsuitableOperator(scheme: String, expected: String)

  public var description: String {
    switch self {
    case .unstableStep(let step, let largest, let scheme, let steps):
      "a step of \(Float(step)) is longer than \(Float(largest)), the largest stable one of scheme"
        + " \(scheme): take at least \(steps) steps, or allow unstable ones"
    case .noStableStep(let scheme, let reason):
      "no step of scheme \(scheme) is known to be stable: \(reason)"
    case .notPositive(let name, let value): "\(name) is \(value), which is not positive"
    case .unsuitableOperator(let scheme, let expected):
      "scheme \(scheme) is for \(expected) only"
    }
  }
}
