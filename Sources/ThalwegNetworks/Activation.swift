public import ThalwegTensors

/// A function of each element that makes a network nonlinear.
///
///     let net = Sequential(Dense(2, 64), Activation.tanh, Dense(64, 2))
///     let named = Activation(rawValue: "softplus")
///
/// All of them are monotone with slopes in [0, 1], which is what the stability of symmetric layers
/// rests on.
///
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, uses relu and tanh.
public enum Activation: String, Layer, CaseIterable {
  /// The ramp max(x, 0).
  case relu
  /// The hyperbolic tangent.
  case tanh
  /// The smooth ramp log(1 + exp x).
  case softplus
  /// The logistic function 1 / (1 + exp(-x)).
  case sigmoid

  public static var branches: Branches<Activation> { Branches() }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: ThalwegTensors.relu(x)
    case .tanh: ThalwegTensors.tanh(x)
    case .softplus: ThalwegTensors.softplus(x)
    case .sigmoid: ThalwegTensors.sigmoid(x)
    }
  }
}
