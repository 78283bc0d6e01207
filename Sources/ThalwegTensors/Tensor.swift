public import ThalwegKernels

/// An n-dimensional array of single or double precision numbers.
///
/// A tensor is a value. It either holds numbers, and then operations compute at once, or stands
/// for numbers while a function is traced, and then operations record what is to be computed.
/// The same code serves both:
///
///     func energy(_ p: Tensor) -> Tensor { 0.5 * sum(p * p) }
///
///     energy([3, 4]).scalar                              // 12.5
///     gradient(at: Tensor([3, 4])) { energy($0) }.values // [3, 4]
///
/// Numbers written in the source adopt the precision of the tensors they meet; on their own they
/// are doubles.
///
/// - Shapes: operations on two tensors broadcast by NumPy's rule.
/// - Errors: a mismatch of shapes or precisions traps with the operation and both shapes.
public struct Tensor: Sendable {
  enum Source: Sendable {
    case value(Storage)
    case result(Node, Int)
  }

  let source: Source
  /// The lengths along the axes, outermost first; `[]` for a scalar.
  public let shape: Shape
  /// The type of the elements.
  public let dtype: DType
  /// Whether the precision is still open because the numbers were written in the source.
  let isLiteral: Bool

  init(_ source: Source, _ type: TensorType, isLiteral: Bool = false) {
    self.source = source
    shape = type.shape
    dtype = type.dtype
    self.isLiteral = isLiteral
  }

  init(_ storage: Storage, shape: Shape, isLiteral: Bool = false) {
    require(
      storage.count == shape.elementCount,
      "tensor: \(storage.count) numbers do not fill shape \(shape)")
    self.init(.value(storage), TensorType(shape, storage.dtype), isLiteral: isLiteral)
  }

  /// Shape and element type.
  public var type: TensorType { TensorType(shape, dtype) }
  /// The number of axes.
  public var rank: Int { shape.rank }
  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// Whether the tensor stands for numbers that are not known yet.
  public var isSymbolic: Bool {
    switch source {
    case .value: false
    case .result(let node, _): node.isSymbolic
    }
  }

  /// Whether the tensor is an argument of a trace.
  package var isPlaceholder: Bool { node?.operation is Placeholder }

  var node: Node? {
    if case .result(let node, _) = source { return node }
    return nil
  }
}
