extension IntegrationError {
  /// What to try.
  public var advice: String {
    switch reason {
    case .nonFiniteStart: "Give a state of finite numbers; the method is not to blame."
    case .nonFiniteParameter:
      """
      The method is not to blame. If it was trained, a step of the optimizer was too long, or a \
      gradient was not finite: lower the learning rate.
      """
    case .nonFiniteState where !norm.isFinite:
      "Look at the initial state, at the parameters, and at what the dynamics return for them."
    case .nonFiniteState where steps == 0:
      """
      Shorter steps did not help: the dynamics return NaN or infinity there, or the solution itself \
      ends.
      """
    case .nonFiniteState:
      """
      If the norm was growing, the step is too long for the fastest mode of the dynamics: take \
      more steps, or a method with a larger stability region. If it was not, the dynamics \
      themselves return NaN or infinity there.
      """
    case .gridOverflow:
      """
      Take a coarser grid, as Arithmetic.exact(bits:) with fewer bits, double precision, or shorter \
      steps if the state grows without bound.
      """
    case .reconstruction(_, 0):
      """
      In exact arithmetic the dynamics must return the same bits when they are evaluated again: they \
      must be a function of time and state alone.
      """
    case .reconstruction:
      """
      The dynamics lose information, so steps cannot be undone this far: use CheckpointedAdjoint, \
      or fewer steps.
      """
    case .unreachableTime:
      "Ask for times within the span, and for those of steps where the equation is second order."
    case .stepUnderflow:
      """
      If the norm is large, the solution itself may end here. Otherwise the tolerance asks for more \
      than rounding allows, or the dynamics jump: raise the tolerance, or name the time of the jump \
      in StepControl(jumps:).
      """
    case .tooManySteps:
      """
      If steps stay short while the solution is smooth, the dynamics are stiff: use an implicit \
      method. Otherwise raise StepControl(maximumSteps:) or the tolerance.
      """
    case .newtonDivergence, .krylovBreakdown, .singularJacobian: solverAdvice
    case .nonFiniteCondition, .tooManyEvents, .accumulatingEvents, .tangentialEvent: eventAdvice
    }
  }

  private var solverAdvice: String {
    switch reason {
    case .newtonDivergence(let residual, _, _) where !residual.isFinite:
      "The dynamics return NaN or infinity at the predicted state: take shorter steps."
    case .newtonDivergence:
      """
      Take shorter steps, or let a tolerance control them. If the residual is as small as rounding \
      lets it be, raise the tolerance of the solver.
      """
    case .krylovBreakdown:
      """
      Give a preconditioner, allow a larger space or more products, or take shorter steps. \
      Conjugate gradients are for symmetric positive definite matrices alone.
      """
    default: "Take shorter steps: for short enough ones the Jacobian is near the identity."
    }
  }
}
