import Foundation
import Thalweg

/// A heat equation with a loss, whose gradient is known in closed form by sines.
///
///     y' = Ly,  L = (n + 1)² tridiag(1, -2, 1),  n = 32,  T = 0.05,  loss = Σ cos(1.3 i) yᵢ(T)
///
/// It starts at sin(πx) + sin(7πx) / 10.
enum HeatEquation {
  static let size = 32
  static let end = 0.05
  static let weights = (1...size).map { Foundation.cos(1.3 * Double($0)) }

  static var field: ODE<Tensor> {
    let scale = Double((size + 1) * (size + 1))
    return ODE { _, y in
      let held = y.padded(before: 1, after: 1, along: 0)
      let sides = held.slice(2..<size + 2) + held.slice(0..<size)
      return scale * (sides - 2 * y)
    }
  }

  static var start: Tensor {
    let x = (1...size).map { Double($0) * .pi / Double(size + 1) }
    return Tensor(x.map { Foundation.sin($0) + 0.1 * Foundation.sin(7 * $0) })
  }

  static func eigenvalue(_ mode: Int) -> Double {
    let sine = Foundation.sin(Double(mode) * .pi / Double(2 * (size + 1)))
    return -4 * Double((size + 1) * (size + 1)) * sine * sine
  }

  /// The largest magnitude of an eigenvalue.
  static var radius: Double { -eigenvalue(size) }

  /// S f(λ) S applied to a vector, Sᵢⱼ = √(2 / (n + 1)) sin(ijπ / (n + 1)).
  static func applied(_ factor: (Double) -> Double, to vector: [Double]) -> [Double] {
    func transformed(_ x: [Double]) -> [Double] {
      (1...size).map { i in
        x.enumerated().reduce(0) { sum, element in
          let angle = Double(i * (element.offset + 1)) * .pi / Double(size + 1)
          return sum + (2 / Double(size + 1)).squareRoot() * Foundation.sin(angle) * element.element
        }
      }
    }
    let modes = transformed(vector)
    return transformed(modes.enumerated().map { factor(eigenvalue($0.offset + 1)) * $0.element })
  }

  /// The gradient where each mode is multiplied by a factor of its eigenvalue.
  static func gradient(_ factor: (Double) -> Double) -> [Double] { applied(factor, to: weights) }

  /// The gradient of the equation itself.
  static var exactGradient: [Double] { gradient { Foundation.exp($0 * end) } }

  static func loss(_ end: Tensor) -> Tensor { sum(Tensor(weights) * end) }
}
