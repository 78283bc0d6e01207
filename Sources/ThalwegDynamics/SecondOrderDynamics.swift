public import ThalwegTensors

/// The right-hand side of an equation of second order, y'' = f(t, y).
public protocol SecondOrderDynamics: DifferentialEquation where State == Tensor {
  /// The second derivative of the state.
  func acceleration(_ t: Tensor, _ y: Tensor) -> Tensor
}
