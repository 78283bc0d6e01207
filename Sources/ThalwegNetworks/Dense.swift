public import ThalwegKernels
public import ThalwegTensors

/// A fully connected layer.
///
///     y = x W + b
///
///     let field = ODE(Dense(2, 64), Dense(64, 2)) { t, y, a, b in b(tanh(a(y))) }
///
/// - Cost: inputs × outputs multiplications a row.
/// - Shapes: `[batch..., inputs]` gives `[batch..., outputs]`; the weight is `[inputs, outputs]`.
/// - Errors: traps where the last axis is not as long as the layer has inputs.
/// - Source: the initial weights are uniform as of X. Glorot, Y. Bengio, "Understanding the
///   difficulty of training deep feedforward neural networks", AISTATS 2010; the bias is 0.
public struct Dense: Layer {
  /// The matrix, `[inputs, outputs]`.
  public var weight: Tensor
  /// What is added to each output.
  public var bias: Tensor

  public static let branches = Branches(\Dense.weight, \.bias)

  /// Creates a layer with random weights; without a seed they differ from run to run.
  public init(_ inputs: Int, _ outputs: Int, seed: UInt64? = nil, dtype: DType = .float32) {
    require(inputs > 0 && outputs > 0, "dense: \(inputs) inputs and \(outputs) outputs")
    weight = .glorot(
      [inputs, outputs], inputs: inputs, outputs: outputs, seed: seed, dtype: dtype)
    bias = .zeros([outputs], dtype: dtype)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(
      x.rank > 0 && x.shape[x.rank - 1] == weight.shape[0],
      "dense: input \(x.shape) for weight \(weight.shape)")
    return matmul(x, weight) + bias
  }
}
