public import ThalwegTensors

/// An equation of second order, y'' = f(t, y), written as a closure.
///
///     let wave = SecondOrderODE(K) { t, y, K in -matmul(K.transposed, tanh(matmul(K, y))) }
///
/// ``Leapfrog`` integrates it from rest, as second-order networks do. For a given initial velocity,
/// integrate ``firstOrder`` by Verlet or any other method.
///
/// - Shapes: the closure returns the shape of the state.
public struct SecondOrderODE: SecondOrderDynamics {
  private var stored: Parameters
  private let field: @Sendable (Tensor, Tensor, Parameters) -> Tensor

  /// Creates an equation; what stands before the closure is differentiated and trained.
  public init<each Parameter: TensorTree>(
    _ parameters: repeat each Parameter,
    field: @escaping @Sendable (Tensor, Tensor, repeat each Parameter) -> Tensor
  ) {
    stored = Parameters(repeat each parameters)
    self.field = { t, y, stored in
      field(t, y, repeat each stored.typed(as: repeat (each Parameter).self))
    }
  }

  /// The parameters, or in a gradient their derivatives, with their types.
  public func parameters<each Parameter: TensorTree>(
    as types: repeat (each Parameter).Type
  ) -> (repeat each Parameter) {
    stored.typed(as: repeat each types)
  }

  /// The only parameter, or in a gradient its derivative, with its type.
  public func parameters<Parameter: TensorTree>(as type: Parameter.Type) -> Parameter {
    stored.typed(as: type)
  }

  public static let branches = Branches(\SecondOrderODE.stored)

  public func acceleration(_ t: Tensor, _ y: Tensor) -> Tensor {
    countingEvaluation(shaped(field(t, y, stored), like: y))
  }

  /// The same motion as a system of first order: q' = p, p' = f(t, q).
  public var firstOrder: FirstOrderSystem<SecondOrderODE> { FirstOrderSystem(self) }
}

/// An equation of second order as separable dynamics of position and velocity.
///
///     q' = p,  p' = f(t, q)
public struct FirstOrderSystem<Equation: SecondOrderDynamics>: SeparableDynamics {
  /// The equation of second order.
  public private(set) var equation: Equation

  /// Creates the system of an equation.
  public init(_ equation: Equation) { self.equation = equation }

  public static var branches: Branches<FirstOrderSystem<Equation>> { Branches(\.equation) }

  public func velocity(_ t: Tensor, _ p: Tensor) -> Tensor { p }
  public func force(_ t: Tensor, _ q: Tensor) -> Tensor { equation.acceleration(t, q) }
}
