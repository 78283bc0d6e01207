/// What a run of a program did, as far as that is not known before it runs.
package struct RunCounts: Hashable, BitwiseCopyable, Sendable {
  /// Evaluations of dynamics inside steps whose number the run decides.
  package internal(set) var evaluations = 0
  /// Products of Jacobians with vectors, and of vectors with Jacobians, inside solvers.
  package internal(set) var jvps = 0
  package internal(set) var vjps = 0
  /// Steps of controlled size that were taken, and that were not.
  package internal(set) var accepted = 0
  package internal(set) var rejected = 0
  /// Times at which steps ended because a condition passed zero.
  package internal(set) var events = 0
  /// Iterations of Newton's method and of Krylov methods.
  package internal(set) var newtonIterations = 0
  package internal(set) var krylovIterations = 0
  /// The sizes of the steps that were taken, without their signs; infinity and 0 where none was.
  package internal(set) var smallestStep = Double.infinity
  package internal(set) var largestStep = 0.0
  /// The bytes of steps and states that were recorded, beside the arena.
  package internal(set) var tapeBytes = 0

  /// Nothing yet.
  package init() {}

  /// Adds what another part of the run did.
  mutating func add(_ other: RunCounts) {
    evaluations += other.evaluations
    jvps += other.jvps
    vjps += other.vjps
    accepted += other.accepted
    rejected += other.rejected
    events += other.events
    newtonIterations += other.newtonIterations
    krylovIterations += other.krylovIterations
    smallestStep = Swift.min(smallestStep, other.smallestStep)
    largestStep = Swift.max(largestStep, other.largestStep)
  }
}
