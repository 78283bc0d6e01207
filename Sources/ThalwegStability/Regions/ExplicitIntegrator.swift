import Glibc
import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// A method that is stable for short steps alone, and knows how short.
///
/// Where a flow with steps of controlled size is differentiated, they stay within this region: see
/// ``StepControl``. A method of one's own says it in a line:
///
///     extension MyPair: ExplicitIntegrator {
///       var stabilityRegion: StabilityRegion { StabilityRegion(of: MyPair<ODE<Tensor>>()) }
///     }
public protocol ExplicitIntegrator: Integrator {
  /// The numbers hλ for which steps do not amplify y' = λy.
  var stabilityRegion: StabilityRegion { get }
}

extension RungeKutta: ExplicitIntegrator {
  public var stabilityRegion: StabilityRegion { StabilityRegion(of: tableau) }
}

extension EmbeddedRungeKutta: ExplicitIntegrator {
  public var stabilityRegion: StabilityRegion { StabilityRegion(of: tableau) }
}

extension RKC2: ExplicitIntegrator {
  public var stabilityRegion: StabilityRegion {
    StabilityRegion(of: RKC2<ODE<Tensor>>(stages: stages))
  }
}

extension RKL2: ExplicitIntegrator {
  public var stabilityRegion: StabilityRegion {
    StabilityRegion(of: RKL2<ODE<Tensor>>(stages: stages))
  }
}

extension StabilityRegion {
  /// By how much a step may amplify a mode that neither grows nor decays.
  ///
  /// Most pairs of high order amplify oscillations by as little as their error; to forbid it would
  /// forbid steps.
  private static let gradientMargin = 1e-3

  /// How long hλ may be at angles that are evenly spaced from the imaginary axis to the negative real
  /// one.
  package var gradientReach: [Double] {
    let parts = 16
    return (0...parts).map { index in
      let angle = Double.pi / 2 * (1 + Double(index) / Double(parts))
      return gradientReach(along: Complex(magnitude: 1, angle: angle))
    }
  }

  private func gradientReach(along direction: Complex) -> Double {
    func isSafe(_ distance: Double) -> Bool {
      amplification(at: direction * Complex(distance)) <= 1 + Self.gradientMargin
    }
    var (inside, outside) = (0.0, 0.01)
    while isSafe(outside) {
      guard outside < 1e8 else { return .infinity }
      inside = outside
      outside += Swift.max(0.01, outside / 100)
    }
    for _ in 0..<40 {
      let middle = (inside + outside) / 2
      if isSafe(middle) { inside = middle } else { outside = middle }
    }
    return inside
  }
}
