import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

/// Makes flows whose method and adjoint are known by name only; nil where they do not fit.
struct FlowBuilder {
  let integrator: IntegratorName
  let adjoint: AdjointName
  let time: ClosedRange<Double>
  let steps: Int
  /// How weights depend on time; fields are given for each step, or one that varies.
  var weights = WeightBasis.steps

  /// The flow of parabolic dynamics: a field for each weight in time.
  func parabolic(_ fields: [ParabolicDynamics]) -> (any Layer)? {
    weights == .steps
      ? general(fields, PlainUse()) : general([varying(fields)], PlainUse())
  }

  /// The flow of Hamiltonian dynamics.
  func hamiltonian(_ fields: [HamiltonianDynamics]) -> (any Layer)? {
    weights == .steps
      ? separable(fields, driftsFirst: true, HalvedUse())
      : separable([varying(fields)], driftsFirst: true, HalvedUse())
  }

  /// The flow of equations of second order.
  func secondOrder(_ fields: [SecondOrderSymmetricDynamics]) -> (any Layer)? {
    weights == .steps ? waves(fields) : waves([varying(fields)])
  }

  private func varying<Field: DifferentialEquation>(_ fields: [Field]) -> Varying<Field> {
    Varying(fields, by: weights, over: time)
  }

  /// The flow of fields of first order.
  func general<Use: FlowUse>(_ stages: [Use.Field], _ use: Use) -> (any Layer)?
  where Use.Field: Dynamics {
    if let tableau = integrator.tableau { return flow(stages, RungeKutta(tableau), use) }
    return switch integrator {
    case .backwardEuler: flow(stages, BackwardEuler(), use)
    case .trapezoid: flow(stages, Trapezoid(), use)
    case .implicitMidpoint: flow(stages, ImplicitMidpoint(), use)
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

  private func waves<Field: SecondOrderDynamics>(_ stages: [Field]) -> (any Layer)? {
    // A kick first, so that the weights of the last step reach the position.
    integrator == .leapfrog
      ? reversibleFlow(stages, Leapfrog(), PlainUse())
      : separable(stages.map(FirstOrderSystem.init), driftsFirst: false, RestingUse())
  }

  private func reversibleFlow<Method: ReversibleIntegrator, Use: FlowUse>(
    _ stages: [Method.Field], _ method: Method, _ use: Use
  ) -> (any Layer)? where Use.Field == Method.Field {
    guard adjoint == .reversible else { return flow(stages, method, use) }
    return use(flow(stages, method, adjoint: ReversibleAdjoint()))
  }

  private func flow<Method: Integrator, Use: FlowUse>(
    _ stages: [Method.Field], _ method: Method, _ use: Use
  ) -> (any Layer)? where Use.Field == Method.Field {
    switch adjoint {
    case .direct: use(flow(stages, method, adjoint: DirectAdjoint()))
    case .checkpointed(let budget):
      use(
        flow(
          stages, method, adjoint: CheckpointedAdjoint(budget: budget ?? rootOfSteps(steps))))
    case .reversible: nil
    }
  }

  /// The flow of a field for each step, or of one whose weights vary.
  private func flow<Method: Integrator>(
    _ stages: [Method.Field], _ method: Method, adjoint: some Adjoint<Method>
  ) -> Flow<Method> {
    weights == .steps
      ? Flow(stages: stages, over: time, using: method, adjoint: adjoint)
      : Flow(stages[0], over: time, steps: steps, using: method, adjoint: adjoint)
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
