public import ThalwegKernels

struct RandomNumbers: Operation {
  var shape: Shape
  var dtype: DType
  var isNormal: Bool
  var stream: UInt64
  var name: String { isNormal ? "randomNormal" : "randomUniform" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    require(inputs[0].count == 1, "\(name): a key of shape \(inputs[0].shape) is no number")
    return [TensorType(shape, dtype)]
  }

  func lower(_ context: KernelContext) {
    context.builder.random(
      normal: isNormal, key: context.operand(0), stream: stream, into: context.result(),
      count: shape.elementCount, dtype)
  }
}

extension Tensor {
  /// Independent samples of the standard normal distribution.
  ///
  /// Each element depends on the key, the stream and its place alone, so the same call gives the
  /// same numbers however the work is divided. The key is a whole number and may be traced: a
  /// compiled step that is passed a new key draws new numbers.
  ///
  /// - Source: the mixing function of G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom
  ///   number generators", OOPSLA 2014, doi:10.1145/2660193.2660195.
  public static func randomNormal(
    _ shape: Shape, key: Tensor, stream: UInt64 = 0, dtype: DType = .float64
  ) -> Tensor {
    RandomNumbers(shape: shape, dtype: dtype, isNormal: true, stream: stream)(key.to(.float64))
  }

  /// Independent samples of the uniform distribution on [0, 1).
  public static func randomUniform(
    _ shape: Shape, key: Tensor, stream: UInt64 = 0, dtype: DType = .float64
  ) -> Tensor {
    RandomNumbers(shape: shape, dtype: dtype, isNormal: false, stream: stream)(key.to(.float64))
  }
}
