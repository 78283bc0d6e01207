import ThalwegKernels
import ThalwegTensors

extension Tensor {
  /// Weights that are uniform on ±√(6 / (inputs + outputs)).
  ///
  /// The variance is then that at which signals keep their size on average forth and back.
  ///
  /// - Source: X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward
  ///   neural networks", AISTATS 2010, https://proceedings.mlr.press/v9/glorot10a.html.
  static func glorot(
    _ shape: Shape, inputs: Int, outputs: Int, seed: UInt64?, dtype: DType
  ) -> Tensor {
    var random = RandomSequence(seed: seed ?? .random(in: .min ... .max))
    let bound = (6 / Double(Swift.max(inputs + outputs, 1))).squareRoot()
    let values = (0..<shape.elementCount).map { _ in
      Double.random(in: -bound...bound, using: &random)
    }
    return Tensor(values, shape: shape, dtype: dtype)
  }

  /// A per-channel vector in the shape that broadcasts over images.
  var perChannel: Tensor { reshaped(to: [count, 1, 1]) }
}
