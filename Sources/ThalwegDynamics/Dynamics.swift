public import ThalwegTensors

/// The right-hand side of a differential equation of first order, y' = f(t, y).
///
/// ``ODE`` makes one of a closure. A type of one's own lists its parameters as branches:
///
///     struct Lorenz: Dynamics {
///       var rates: Tensor
///       static let branches = Branches(\Lorenz.rates)
///
///       func callAsFunction(_ t: Tensor, _ y: Tensor) -> Tensor { ... }
///     }
///
/// - Shapes: the derivative has the shape of the state, leaf by leaf.
public protocol Dynamics: DifferentialEquation {
  // Declared again so that it is inferred from the function below.
  /// What evolves.
  associatedtype State

  /// The derivative of the state.
  func callAsFunction(_ t: Tensor, _ y: State) -> State
}

extension Dynamics {
  /// The derivative of the state, which dynamics always have.
  public func slope(at t: Tensor, of y: State) -> State? { self(t, y) }
}
