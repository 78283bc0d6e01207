import Foundation
import ThalwegTensors

extension Flux {
  /// What the flux is called on the command line.
  public var name: String {
    switch self {
    case .linear: "linear"
    case .charbonnier: "charbonnier"
    case .peronaMalik: "perona-malik"
    case .exponentialPeronaMalik: "exponential-perona-malik"
    case .totalVariation: "total-variation"
    case .relu: "relu"
    case .radialBasis: "radial-basis"
    }
  }

  /// The least and the greatest slope of Φ, or bounds on them where it is trained.
  ///
  /// - Errors: traps while the function that computes the parameters is traced.
  public var slopes: ClosedRange<Double> {
    switch self {
    case .linear: 1...1
    case .charbonnier, .relu: 0...1
    case .peronaMalik: -1 / 8...1
    case .exponentialPeronaMalik: -2 * Foundation.exp(-1.5)...1
    case .totalVariation(let ε): 0...(1 / (ε.values.map(\.magnitude).min() ?? 1))
    case .radialBasis(let basis): basis.slopes
    }
  }

  /// The least and the greatest of Φ(s) / s, or bounds on them where it is trained.
  public var ratios: ClosedRange<Double> {
    switch self {
    case .linear: 1...1
    case .radialBasis(let basis): basis.ratios
    default: 0...slopes.upperBound
    }
  }

  /// The greatest |Φ|, or a bound on it where it is trained.
  public var largestValue: Double {
    func greatest(_ parameter: Tensor) -> Double {
      (parameter.values.map { $0 * $0 + Self.smallest }.max() ?? 0).squareRoot()
    }
    return switch self {
    case .linear, .relu: .infinity
    case .charbonnier(let λ): greatest(λ)
    case .peronaMalik(let λ): greatest(λ) / 2
    case .exponentialPeronaMalik(let λ): greatest(λ) * Foundation.exp(-0.5)
    case .totalVariation: 1
    case .radialBasis(let basis): basis.largestValue
    }
  }

  /// The constant L with |Φ(s) - Φ(r)| ≤ L |s - r|.
  public var lipschitz: Double {
    Swift.max(slopes.upperBound.magnitude, slopes.lowerBound.magnitude)
  }

  /// Whether Φ does not decrease, so that its energy is convex.
  public var isMonotone: Bool { slopes.lowerBound >= 0 }

  /// Whether Φ is a diffusivity of the length of s times s, so that derivatives can flow together.
  public var isOfLength: Bool {
    switch self {
    case .relu, .radialBasis: false
    default: true
    }
  }

  /// Whether nothing flows where there is no derivative.
  var vanishesAtZero: Bool {
    if case .radialBasis = self { return false }
    return true
  }
}
