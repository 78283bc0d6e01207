import ThalwegDynamics
import ThalwegIntegrators
public import ThalwegStability

extension IntegratorName {
  /// Where steps of the method do not amplify.
  public var region: StabilityRegion {
    if let tableau { return StabilityRegion(of: tableau) }
    return switch self {
    case .symplecticEuler: StabilityRegion(of: SymplecticEuler())
    case .verlet: StabilityRegion(of: Verlet())
    case .leapfrog: StabilityRegion(of: Leapfrog())
    case .leapfrogMidpoint: StabilityRegion(of: LeapfrogMidpoint())
    case .reversibleHeun: StabilityRegion(of: ReversibleHeun())
    case .backwardEuler: StabilityRegion(of: BackwardEuler())
    case .trapezoid: StabilityRegion(of: Trapezoid())
    case .implicitMidpoint: StabilityRegion(of: ImplicitMidpoint())
    default: StabilityRegion(of: AsynchronousLeapfrog())
    }
  }

  /// The largest norm of filters with which steps of size h do not amplify; 0 where there is none.
  ///
  /// With slopes of the activation of at most L the eigenvalues of the Jacobian are between -L ‖K‖² and
  /// 0 for parabolic dynamics, within ±i L ‖K₁‖ ‖K₂‖ for Hamiltonian and ±i √L ‖K‖ for second-order ones.
  ///
  ///     ‖K‖ ≤ √(x / (L h)),   √(y / (L h)),   y / (√L h)
  ///
  /// for a method that is stable to -x on the real axis and to ±iy on the imaginary one.
  ///
  /// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
  ///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 3.
  public func largestNorm(
    for dynamics: DynamicsName, step h: Double, slope: Double = 1
  ) -> Double {
    switch dynamics {
    case .parabolic: (region.realInterval / (slope * h)).squareRoot()
    case .hamiltonian: (region.imaginaryInterval / (slope * h)).squareRoot()
    case .secondOrder: region.imaginaryInterval / (slope.squareRoot() * h)
    }
  }
}
