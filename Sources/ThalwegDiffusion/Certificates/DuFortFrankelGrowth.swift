import Foundation

/// How far norms grow under steps of ``DuFortFrankel``, although no eigenvalue is outside of the unit
/// disc.
///
/// On an eigenvector with eigenvalue -λ a step multiplies the last two states by a matrix of companion
/// form, whose powers are looked at.
public struct DuFortFrankelGrowth: Hashable, Sendable {
  /// α of the method.
  public let alpha: Double
  /// The size of a step.
  public let step: Double

  /// Creates the question.
  public init(alpha: Double, step: Double) { (self.alpha, self.step) = (alpha, step) }

  /// The larger of the magnitudes of the eigenvalues at -λ.
  public func radius(at λ: Double) -> Double {
    let (a, b) = coefficients(λ)
    let discriminant = a * a / 4 + b
    guard discriminant >= 0 else { return (-b).squareRoot() }
    return a.magnitude / 2 + discriminant.squareRoot()
  }

  /// The largest norm of a power at -λ.
  public func largestPower(at λ: Double, upTo count: Int) -> Double {
    let (a, b) = coefficients(λ)
    var power = (1.0, 0.0, 0.0, 1.0)
    var largest = 1.0
    for _ in 0..<count {
      power = (
        a * power.0 + b * power.2, a * power.1 + b * power.3, power.0, power.1
      )
      largest = Swift.max(largest, Self.norm(power))
    }
    return largest
  }

  /// The largest norm of a power for all eigenvalues between -λ and 0.
  public func largest(upTo λ: Double) -> Double {
    // Growth ends once the damping of (1 - 2τα) / (1 + 2τα) a step has won.
    let count = Swift.min(100_000, 50 + Int(8 * step * alpha))
    let places = [0] + (0...60).map { λ * Foundation.pow(10, -4 * Double($0) / 60) }
    return places.map { largestPower(at: $0, upTo: count) }.max() ?? 1
  }

  /// u₊ = a u + b u₋.
  private func coefficients(_ λ: Double) -> (Double, Double) {
    let share = 1 / (1 + 2 * step * alpha)
    return ((4 * step * alpha - 2 * step * λ) * share, (1 - 2 * step * alpha) * share)
  }

  /// The largest singular value of a matrix of two rows.
  private static func norm(_ m: (Double, Double, Double, Double)) -> Double {
    let squares = m.0 * m.0 + m.1 * m.1 + m.2 * m.2 + m.3 * m.3
    let determinant = m.0 * m.3 - m.1 * m.2
    let root = Swift.max(0, squares * squares - 4 * determinant * determinant).squareRoot()
    return ((squares + root) / 2).squareRoot()
  }
}
