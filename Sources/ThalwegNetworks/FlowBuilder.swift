import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

/// Makes flows whose method and adjoint are known by name only; nil where they do not fit.
struct FlowBuilder {
  let span: ClosedRange<Double>
  let integrator: IntegratorName
  let adjoint: AdjointName

  /// The flow of fields of first order.
  func general<Use: FlowUse>(_ stages: [Use.Field], _ use: Use) -> (any Layer)?
  where Use.Field: Dynamics {
    if let tableau = integrator.tableau { return flow(stages, RungeKutta(tableau), use) }
    return switch integrator {
    case .leapfrogMidpoint: reversibleFlow(stages, LeapfrogMidpoint(), use)
    case .reversibleHeun: reversibleFlow(stages, ReversibleHeun(), use)
    case .asynchronousLeapfrog: reversibleFlow(stages, AsynchronousLeapfrog(), use)
    default: nil
    }
  }

  /// The flow of fields whose halves move each other; symplectic Euler may drift or kick first.
  func separable<Use: FlowUse>(
    _ stages: [Use.Field], driftsFirst: Bool, _ use: Use
  ) -> (any Layer)? where Use.Field: SeparableDynamics {
    switch integrator {
    case .symplecticEuler:
      reversibleFlow(stages, SymplecticEuler(driftsFirst ? .driftKick : .kickDrift), use)
    case .verlet: reversibleFlow(stages, Verlet(), use)
    default: general(stages, use)
    }
  }

  /// The flow of equations of second order.
  func secondOrder<Field: SecondOrderDynamics>(_ stages: [Field]) -> (any Layer)? {
    // A kick first, so that the weights of the last step reach the position.
    integrator == .leapfrog
      ? reversibleFlow(stages, Leapfrog(), PlainUse())
      : separable(stages.map(FirstOrderSystem.init), driftsFirst: false, RestingUse())
  }

  private func reversibleFlow<Method: ReversibleIntegrator, Use: FlowUse>(
    _ stages: [Method.Field], _ method: Method, _ use: Use
  ) -> (any Layer)? where Use.Field == Method.Field {
    guard adjoint == .reversible else { return flow(stages, method, use) }
    return use(Flow(stages: stages, over: span, using: method, adjoint: ReversibleAdjoint()))
  }

  private func flow<Method: Integrator, Use: FlowUse>(
    _ stages: [Method.Field], _ method: Method, _ use: Use
  ) -> (any Layer)? where Use.Field == Method.Field {
    switch adjoint {
    case .direct: use(Flow(stages: stages, over: span, using: method, adjoint: DirectAdjoint()))
    case .checkpointed(let budget):
      use(
        Flow(
          stages: stages, over: span, using: method,
          adjoint: CheckpointedAdjoint(budget: budget ?? rootOfSteps(stages.count))))
    case .reversible: nil
    }
  }

  /// The least number whose square is not below the number of steps.
  private func rootOfSteps(_ steps: Int) -> Int { Int(Double(steps).squareRoot().rounded(.up)) }
}

/// What a flow is made into once its method is known.
protocol FlowUse<Field> {
  /// The equations of the flow.
  associatedtype Field: DifferentialEquation
  /// The layer that the flow serves in.
  func callAsFunction<Method: Integrator>(_ flow: Flow<Method>) -> any Layer
  where Method.Field == Field
}

/// A flow of a tensor as it is.
struct PlainUse<Field: DifferentialEquation>: FlowUse where Field.State == Tensor {
  func callAsFunction<Method: Integrator>(_ flow: Flow<Method>) -> any Layer
  where Method.Field == Field { flow }
}

/// A flow of the halves of the channels.
struct HalvedUse<Field: DifferentialEquation>: FlowUse where Field.State == PhasePoint {
  func callAsFunction<Method: Integrator>(_ flow: Flow<Method>) -> any Layer
  where Method.Field == Field { HalvedFlow(flow) }
}

/// A flow of position and velocity that begins at rest.
struct RestingUse<Field: DifferentialEquation>: FlowUse where Field.State == PhasePoint {
  func callAsFunction<Method: Integrator>(_ flow: Flow<Method>) -> any Layer
  where Method.Field == Field { RestingFlow(flow) }
}
