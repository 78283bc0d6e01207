public import ThalwegTensors

/// Something an integrator can advance in time: an equation with its parameters.
///
/// ``Dynamics`` are of first order, y' = f(t, y); ``SecondOrderDynamics`` are y'' = f(t, y). An
/// integrator says which of them it is made for, so that a method for one does not compile with
/// the other.
///
/// The branches of the tree are the parameters that are differentiated and trained.
public protocol DifferentialEquation: TensorTree {
  /// What evolves.
  associatedtype State: VectorSpace

  /// The derivative of the state in time, where the equation determines it from time and state.
  func slope(at t: Tensor, of y: State) -> State?
}

extension DifferentialEquation {
  /// Unknown, unless the equation is of first order.
  public func slope(at t: Tensor, of y: State) -> State? { nil }
}
