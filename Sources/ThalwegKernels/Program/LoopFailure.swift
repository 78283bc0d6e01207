/// Why a program stopped: where a number that is not finite first appeared, which bound was broken,
/// or which iteration did not converge.
package struct LoopFailure: Error, BitwiseCopyable, Sendable {
  /// What went wrong.
  package enum Kind: Int32, Sendable, BitwiseCopyable {
    /// `element` of `leaf` became `value`; `norm` is that of the last finite state.
    case nonFinite
    /// `element` of `leaf` became `value`, whose magnitude is not below `bound`.
    case beyondLimit
    /// A certificate measured `value`, more than `bound`.
    case certificate
    /// Newton's method ended after `count` iterations with the residual `value`, more than `bound`;
    /// the residual shrank by the factor `rate` in the last one.
    case newton
    /// A Krylov method ended after `count` iterations with the relative residual `value`, more than
    /// `bound`.
    case krylov
    /// A matrix could not be inverted.
    case singular
    /// The error `value` of a step as small as `stepSize`, in units of the tolerance, is above 1.
    case stepUnderflow
    /// `count` steps did not lead to the end.
    case tooManySteps
    /// The condition `leaf` of an event became `value`.
    case nonFiniteCondition
    /// There was another event, by the condition `leaf`, after as many as there may be.
    case tooManyEvents
    /// The condition `leaf` passed zero again so soon that time cannot tell.
    case accumulatingEvents
  }

  /// Whether `leaf` is the place of an event.
  package var isOfEvent: Bool {
    [.nonFiniteCondition, .tooManyEvents, .accumulatingEvents].contains(kind)
  }

  /// Whether a solver failed, and not what it was part of.
  var isOfSolver: Bool { [.newton, .krylov, .singular].contains(kind) }

  /// The address of the failing call's arguments; it tells the calls of a program apart.
  var site: UInt = 0
  /// What went wrong.
  package internal(set) var kind = Kind.nonFinite
  /// Whether a shorter step may succeed.
  package internal(set) var isRecoverable = false
  /// The step that produced it, counted from 0 in the order of execution.
  package internal(set) var iteration = 0
  /// Which leaf of the state, in the order of its tree.
  package internal(set) var leaf = 0
  /// Which element of that leaf, in row-major order.
  package var element = 0
  /// The offending value.
  package internal(set) var value = 0.0
  /// The Euclidean norm of the guarded buffers before that step; NaN on the way back.
  package internal(set) var norm = 0.0
  /// The bound that was broken, where there is one.
  package internal(set) var bound = 0.0
  /// How fast an iteration converged.
  package internal(set) var rate = 0.0
  /// The number of iterations of a solver, or of steps.
  package var count = 0
  /// The time at which the step began, and its size, where the failing call knows them.
  package internal(set) var time = 0.0
  package internal(set) var stepSize = 0.0
}
