public import ThalwegKernels
public import ThalwegTensors

/// The numbers of a tensor, read by index: what independent evaluations are written with.
public struct Numbers: Sendable {
  public let shape: Shape
  private let values: [Double]

  public init(_ tensor: Tensor) {
    shape = tensor.shape
    values = tensor.values
  }

  /// The element at an index with one entry for each axis.
  public subscript(index: [Int]) -> Double {
    values[zip(index, shape.strides).reduce(0) { $0 + $1.0 * $1.1 }]
  }

  /// The element that NumPy's rule puts at an index of a larger shape.
  public func broadcast(at index: [Int]) -> Double {
    self[zip(index.suffix(shape.rank), shape).map { $1 == 1 ? 0 : $0 }]
  }
}

/// A tensor whose elements are computed from their indices.
public func tabulated(
  _ shape: Shape, dtype: DType = .float64, _ element: ([Int]) -> Double
) -> Tensor {
  Tensor(indices(of: shape).map(element), shape: shape, dtype: dtype)
}

/// All indices of a shape in row-major order.
public func indices(of shape: Shape) -> [[Int]] {
  shape.dimensions.reduce([[]]) { leading, length in
    leading.flatMap { index in (0..<length).map { index + [$0] } }
  }
}
