package import ThalwegKernels

/// How the sizes of steps follow from their errors, and where steps must end.
///
///     Flow(
///       f, over: 0...10, tolerance: .relative(1e-6, absolute: 1e-8),
///       using: EmbeddedRungeKutta(.dormandPrince5),
///       control: StepControl(.pid(proportional: 0.4, integral: 0.3), jumps: [2, 4]))
///
/// With eₙ the error of a step in units of the tolerance, eₙ₋₁ and eₙ₋₂ those of the two steps before
/// it, and k the order of the estimate, the next step is longer by the factor
///
///     s · eₙ^-β₁ · eₙ₋₁^-β₂ · eₙ₋₂^-β₃,   k β₁ = I + P + D,   k β₂ = -(P + 2D),   k β₃ = D
///
/// within bounds. A step with eₙ > 1 is rejected and tried again, by the integral law alone; the one
/// that is then taken is not followed by a longer one. Where a step yields numbers that are not
/// finite, or its equations cannot be solved, a quarter of it is tried.
///
/// Errors do not see modes that a solution does not contain, but gradients do: an explicit step that
/// is too long for the fastest of them multiplies its share in a gradient. Where a flow is differentiated,
/// steps of explicit methods therefore stay within 0.9 of their stability region, by the largest
/// eigenvalues that power iteration finds on the way. `gradientSafe: false` switches it off.
///
/// - Errors: traps where a bound is no bound.
/// - Source: E. Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I",
///   Springer, 1993, doi:10.1007/978-3-540-78862-1, section II.4; G. Söderlind, "Automatic control
///   and adaptive time-stepping", Numer. Algorithms 31 (2002), doi:10.1023/A:1021160023092.
public struct StepControl: Hashable, Sendable {
  /// The coefficients of a control law.
  public struct Law: Hashable, Sendable {
    /// The coefficient P.
    public let proportional: Double
    /// The coefficient I.
    public let integral: Double
    /// The coefficient D.
    public let derivative: Double

    /// By the last error alone.
    public static let integral = Law.pid(proportional: 0, integral: 1)
    /// By the last two errors, which makes for smoother steps: P = 0.4, I = 0.3.
    public static let proportionalIntegral = Law.pid(proportional: 0.4, integral: 0.3)

    /// By the last three errors.
    public static func pid(
      proportional: Double, integral: Double, derivative: Double = 0
    ) -> Law {
      require(
        proportional.isFinite && integral.isFinite && derivative.isFinite
          && proportional + integral + derivative > 0,
        "step control: P + I + D = \(proportional + integral + derivative) is not positive")
      return Law(proportional: proportional, integral: integral, derivative: derivative)
    }
  }

  /// Whose steps are controlled.
  public enum Samples: Hashable, Sendable {
    /// One sequence of steps for the whole state.
    case together
    /// For each index of the leading axis a sequence of its own.
    ///
    /// Dynamics then see states whose leading axis has length 1, and no result depends on the
    /// other samples.
    case independent
  }

  /// The control law.
  public var law: Law
  /// The factor s.
  public var safety: Double
  /// The bounds of the factor by which a step differs from the one before it.
  public var factors: ClosedRange<Double>
  /// The size of the first step; nil for one that is found by two evaluations of the dynamics.
  public var firstStep: Double?
  /// The size below which integration stops with an error.
  public var smallestStep: Double
  /// The largest size of a step.
  public var largestStep: Double
  /// The number of tries, taken or rejected, after which integration stops with an error.
  public var maximumSteps: Int
  /// Times at which steps end.
  public var stepTo: [Double]
  /// Times at which the dynamics jump: steps end just before them and begin anew just after.
  public var jumps: [Double]
  /// Whose steps are controlled.
  public var samples: Samples
  /// Whether steps stay within the stability region of an explicit method where a flow is
  /// differentiated.
  public var gradientSafe: Bool

  /// Creates a control.
  public init(
    _ law: Law = .integral, safety: Double = 0.9, factors: ClosedRange<Double> = 0.2...10,
    firstStep: Double? = nil, smallestStep: Double = 0, largestStep: Double = .infinity,
    maximumSteps: Int = 100_000, stepTo: [Double] = [], jumps: [Double] = [],
    samples: Samples = .together, gradientSafe: Bool = true
  ) {
    self.law = law
    self.safety = safety
    self.factors = factors
    self.firstStep = firstStep
    self.smallestStep = smallestStep
    self.largestStep = largestStep
    self.maximumSteps = maximumSteps
    self.stepTo = stepTo
    self.jumps = jumps
    self.samples = samples
    self.gradientSafe = gradientSafe
  }

  /// Stops the program where a bound is none.
  package func validate() {
    require(safety > 0 && safety <= 1, "step control: a safety of \(safety) is not in (0, 1]")
    require(
      factors.lowerBound > 0 && factors.lowerBound < 1 && factors.upperBound >= 1,
      "step control: factors \(factors) do not lead from below 1 to above")
    require(
      firstStep.map { $0 > 0 && $0.isFinite } ?? true,
      "step control: a first step of \(firstStep ?? 0) is none")
    require(
      smallestStep >= 0 && largestStep > 0 && smallestStep <= largestStep,
      "step control: no step is between \(smallestStep) and \(largestStep)")
    require(maximumSteps > 0, "step control: \(maximumSteps) steps are fewer than one")
    require(
      (stepTo + jumps).allSatisfy(\.isFinite),
      "step control: a time in \(stepTo + jumps) is not finite")
  }

  /// The law with the order of an error estimate.
  package func controller(errorOrder: Int) -> StepController {
    let order = Double(errorOrder)
    return StepController(
      present: (law.integral + law.proportional + law.derivative) / order,
      previous: -(law.proportional + 2 * law.derivative) / order,
      beforePrevious: law.derivative / order, rejected: 1 / order, safety: safety,
      smallestFactor: factors.lowerBound, largestFactor: factors.upperBound,
      smallestStep: smallestStep, largestStep: largestStep, maximumSteps: maximumSteps)
  }
}
