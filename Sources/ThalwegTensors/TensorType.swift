public import ThalwegKernels

/// What is known of a tensor before its numbers are: shape and element type.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// The lengths along the axes.
  public var shape: Shape
  /// The type of the elements.
  public var dtype: DType

  /// Creates a type from shape and element type.
  public init(_ shape: Shape, _ dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }

  /// The number of elements.
  public var count: Int { shape.elementCount }
  /// The size in bytes.
  public var bytes: Int { count * dtype.size }

  public var description: String { "\(dtype)\(shape)" }
}
