import Foundation
import ThalwegKernels
import ThalwegTensors

/// How the weights of a block depend on time.
///
///     WeightBasis.steps            // θ(t) is constant in each step, with weights of its own
///     WeightBasis.linear(5)        // θ(t) is piecewise linear between 5 points in time
///     WeightBasis("cosine:3")      // θ(t) = Σ θᵢ cos(i π (t - a) / (b - a)), i < 3
///
/// All but ``steps`` are θ(t) = Σ pᵢ(t) θᵢ, evaluated wherever a method evaluates the dynamics, so that
/// the number of steps can change without a change of weights.
///
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, where weights are functions of time.
public enum WeightBasis: Hashable, Sendable, LosslessStringConvertible {
  /// Weights for each step.
  case steps
  /// Hat functions: weights at so many equidistant times, from the first to the last.
  case linear(Int)
  /// Legendre polynomials, so many.
  case legendre(Int)
  /// Cosines, so many.
  case cosine(Int)

  /// How names are written.
  public static let forms = ["steps", "linear:count", "legendre:count", "cosine:count"]

  /// Reads a name; nil where it is none.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    if parts == ["steps"] {
      self = .steps
      return
    }
    guard parts.count == 2, let count = Int(parts[1]), count > 0 else { return nil }
    switch parts[0] {
    case "linear" where count > 1: self = .linear(count)
    case "legendre": self = .legendre(count)
    case "cosine": self = .cosine(count)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .steps: "steps"
    case .linear(let count): "linear:\(count)"
    case .legendre(let count): "legendre:\(count)"
    case .cosine(let count): "cosine:\(count)"
    }
  }

  /// The number of functions; nil where each step has weights.
  package var count: Int? {
    switch self {
    case .steps: nil
    case .linear(let count), .legendre(let count), .cosine(let count): count
    }
  }

  /// Whether all functions but the first are deviations from what is constant in time.
  var isModal: Bool {
    switch self {
    case .steps, .linear: false
    case .legendre, .cosine: true
    }
  }

  /// The functions at a time of a span.
  func values(at t: Tensor, over span: ClosedRange<Double>) -> [Tensor] {
    let length = span.upperBound - span.lowerBound
    // From 0 to 1.
    let x = (t - span.lowerBound) / (length > 0 ? length : 1)
    switch self {
    case .steps: return []
    case .linear(let count):
      return (0..<count).map { index in
        relu(1 - abs(Double(count - 1) * x - Double(index)))
      }
    case .cosine(let count):
      return (0..<count).map { cos(Double($0) * .pi * x) }
    case .legendre(let count):
      let s = 2 * x - 1
      var values = [Tensor.ones(s.shape, dtype: s.dtype), s]
      for k in 1..<Swift.max(count - 1, 1) {
        let (n, m) = (values[k], values[k - 1])
        values.append((Double(2 * k + 1) / Double(k + 1)) * s * n - (Double(k) / Double(k + 1)) * m)
      }
      return Array(values.prefix(count))
    }
  }
}
