/// Why a network cannot be built as asked for.
public enum NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A method does not fit the equations: the method, the equations, and the methods that do.
  case unsuitableIntegrator(String, dynamics: String, legal: [String])
  /// An adjoint does not fit the method: the adjoint, the method, and the adjoints that do.
  case unsuitableAdjoint(String, integrator: String, legal: [String])
  /// A size is out of range: its name, its value and what is expected.
  case unsuitableSize(String, value: Int, expected: String)
  /// Two choices exclude each other: what was asked for, and how to mend it.
  case unsuitableCombination(String, advice: String)
  /// No bound on the filters makes steps stable: why.
  case noStableNorm(String)

  public var description: String {
    switch self {
    case .unsuitableIntegrator(let name, let dynamics, let legal):
      "integrator \(name) cannot integrate \(dynamics) dynamics; use one of: "
        + legal.joined(separator: ", ")
    case .unsuitableAdjoint(let name, let integrator, let legal):
      "adjoint \(name) cannot differentiate integrator \(integrator), whose steps have no"
        + " inverse; use one of: " + legal.joined(separator: ", ")
    case .unsuitableSize(let name, let value, let expected):
      "\(name) \(value) is not possible; expected \(expected)"
    case .unsuitableCombination(let choice, let advice): "\(choice); \(advice)"
    case .noStableNorm(let reason):
      "no norm of filters makes steps stable: \(reason)"
    }
  }
}
