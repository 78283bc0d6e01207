public import ThalwegDynamics
public import ThalwegTensors

/// A method that advances a state from time t to t + h.
///
/// A step is written in tensor operations and traced once: one plan serves all steps, and its
/// exact discrete gradient comes from the same trace. A method of one's own is a few lines:
///
///     struct ForwardEuler<Field: Dynamics>: Integrator {
///       let order = 1
///
///       func step(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Field.State {
///         y + h * f(t, y)
///       }
///     }
///
/// Most methods carry nothing but the state from step to step and write only `step`.
public protocol Integrator<Field>: Sendable {
  /// The equations this method can integrate.
  associatedtype Field: DifferentialEquation
  /// What is carried from one step to the next.
  associatedtype Carry: TensorTree = Field.State

  /// The order of convergence.
  var order: Int { get }
  /// How the state is moved; in floating point where nothing else is said.
  var arithmetic: Arithmetic { get }
  /// What is carried into the first step.
  func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Carry
  /// What is carried into the first of so many steps.
  func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor, over steps: Int) -> Carry
  /// One step.
  func step(_ f: Field, at t: Tensor, from carry: Carry, by h: Tensor) -> Carry
  /// The state in what is carried.
  func state(of carry: Carry) -> Field.State
  /// The limits of the magnitudes of what is carried, leaf by leaf, beyond which steps are wrong;
  /// infinite where all finite numbers will do.
  func limits(of carry: Carry) -> [Double]
}

extension Integrator {
  public var arithmetic: Arithmetic { .floating }

  public func start(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor, over steps: Int
  ) -> Carry {
    start(f, at: t, from: y, by: h)
  }

  public func limits(of carry: Carry) -> [Double] {
    carry.leaves.map { arithmetic.limit(for: $0.dtype) }
  }
}

extension Integrator where Carry == Field.State {
  public func start(_ f: Field, at t: Tensor, from y: Field.State, by h: Tensor) -> Carry { y }
  public func state(of carry: Carry) -> Field.State { carry }
}

/// A method whose steps can be undone by an explicit formula.
///
/// `unstep` is the exact inverse of `step` in real arithmetic. In floating point it is the inverse
/// up to rounding, which the dynamics may amplify: see ``ReversibleAdjoint``. In exact ``Arithmetic``
/// it returns every bit.
public protocol ReversibleIntegrator<Field>: Integrator {
  /// What was carried at t, from what is carried at t + h.
  func unstep(_ f: Field, at t: Tensor, from carry: Carry, by h: Tensor) -> Carry
}
