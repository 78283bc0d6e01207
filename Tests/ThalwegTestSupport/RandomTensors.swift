public import ThalwegKernels
public import ThalwegTensors

extension Tensor {
  /// Numbers that are uniform on a range.
  public static func random(
    _ shape: Shape, in range: ClosedRange<Double> = -1...1, dtype: DType = .float64,
    using random: inout some RandomNumberGenerator
  ) -> Tensor {
    let values = (0..<shape.elementCount).map { _ in Double.random(in: range, using: &random) }
    return Tensor(values, shape: shape, dtype: dtype)
  }

  /// Numbers that are uniform on a range and the same for the same seed.
  public static func random(
    _ shape: Shape, in range: ClosedRange<Double> = -1...1, dtype: DType = .float64, seed: UInt64
  ) -> Tensor {
    var generator = SplitMix64(seed: seed)
    return random(shape, in: range, dtype: dtype, using: &generator)
  }
}

extension TensorTree {
  /// A tree of the same structure whose numbers are uniform on [-1, 1].
  public func randomized(using random: inout some RandomNumberGenerator) -> Self {
    replacingLeaves(
      with: leaves.map { .random($0.shape, dtype: $0.dtype, using: &random) })
  }
}
