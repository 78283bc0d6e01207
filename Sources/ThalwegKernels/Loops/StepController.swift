internal import Glibc

/// The law by which the size of a step follows from the errors of the last steps.
///
///     h₁ = h · s · e₁^-β₁ · e₀^-β₂ · e₋₁^-β₃
///
/// Errors are in units of the tolerance; the factor stays within bounds.
package struct StepController: BitwiseCopyable, Hashable, Sendable {
  /// The exponents β of the error of a step and of the two before it.
  package var present: Double
  package var previous: Double
  package var beforePrevious: Double
  /// The exponent after a step that was rejected.
  package var rejected: Double
  /// The factor s.
  package var safety: Double
  /// The bounds of a change of size.
  package var smallestFactor: Double
  package var largestFactor: Double
  /// The bounds of the size itself, without sign.
  package var smallestStep: Double
  package var largestStep: Double
  /// How many steps may be tried.
  package var maximumSteps: Int

  /// Creates a law.
  package init(
    present: Double, previous: Double, beforePrevious: Double, rejected: Double, safety: Double,
    smallestFactor: Double, largestFactor: Double, smallestStep: Double, largestStep: Double,
    maximumSteps: Int
  ) {
    self.present = present
    self.previous = previous
    self.beforePrevious = beforePrevious
    self.rejected = rejected
    self.safety = safety
    self.smallestFactor = smallestFactor
    self.largestFactor = largestFactor
    self.smallestStep = smallestStep
    self.largestStep = largestStep
    self.maximumSteps = maximumSteps
  }

  /// Where a step failed altogether, the next try is so much shorter.
  static let failureFactor = 0.25
  /// Errors of earlier steps count as at least this: a step that was shortened in order to end at a
  /// given time says little.
  static let smallestError = 1e-4
}

/// The errors that a ``StepController`` remembers.
struct StepHistory: BitwiseCopyable {
  private var previous = 1.0
  private var beforePrevious = 1.0
  private var wasRejected = false

  /// Whether the last step was rejected.
  var isRetrying: Bool { wasRejected }

  /// The factor of the step's size after one that is accepted.
  mutating func factor(accepting error: Double, _ law: StepController) -> Double {
    var factor = law.safety * pow(error, -law.present)
    if law.previous != 0 { factor *= pow(previous, -law.previous) }
    if law.beforePrevious != 0 { factor *= pow(beforePrevious, -law.beforePrevious) }
    beforePrevious = previous
    previous = Swift.max(error, StepController.smallestError)
    // What has just been too long does not become longer at once.
    let largest = wasRejected ? 1 : law.largestFactor
    wasRejected = false
    return Swift.min(largest, Swift.max(law.smallestFactor, factor))
  }

  /// The factor of the step's size after one that is rejected.
  mutating func factor(rejecting error: Double, _ law: StepController) -> Double {
    wasRejected = true
    return Swift.min(
      1, Swift.max(law.smallestFactor, law.safety * pow(error, -law.rejected)))
  }

  /// The factor of the step's size after one that has no error.
  mutating func factorAfterFailure() -> Double {
    wasRejected = true
    return StepController.failureFactor
  }
}
