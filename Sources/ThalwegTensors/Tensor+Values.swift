public import ThalwegKernels

extension Tensor {
  /// Creates a vector of doubles.
  public init(_ values: [Double]) { self.init(Storage(values), shape: [values.count]) }

  /// Creates a vector of floats.
  // Disfavoured so that `Tensor([3, 4])` is not ambiguous: numbers in the source are doubles.
  @_disfavoredOverload
  public init(_ values: [Float]) { self.init(Storage(values), shape: [values.count]) }

  /// Creates a tensor of the given shape from its elements in row-major order.
  public init(_ values: [Double], shape: Shape, dtype: DType = .float64) {
    self.init(Storage(values, dtype: dtype), shape: shape)
  }

  /// Creates a tensor of the given shape from its elements in row-major order.
  @_disfavoredOverload
  public init(_ values: [Float], shape: Shape) { self.init(Storage(values), shape: shape) }

  /// Creates a tensor in which every element is the same.
  public init(repeating value: Double, shape: Shape, dtype: DType = .float64) {
    self.init(
      Storage(repeating: value, count: shape.elementCount, dtype: dtype), shape: shape)
  }

  /// Creates a tensor of the given shape whose bytes are those of a stored one.
  public init(_ storage: Storage, filling shape: Shape) { self.init(storage, shape: shape) }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape, dtype: DType = .float64) -> Tensor {
    Tensor(repeating: 0, shape: shape, dtype: dtype)
  }

  /// A tensor of ones.
  public static func ones(_ shape: Shape, dtype: DType = .float64) -> Tensor {
    Tensor(repeating: 1, shape: shape, dtype: dtype)
  }

  /// The whole numbers from 0 below a bound, as a vector.
  public static func iota(_ count: Int, dtype: DType = .float64) -> Tensor {
    Tensor(Storage((0..<count).map(Double.init), dtype: dtype), shape: [count])
  }

  /// The numbers behind the tensor.
  ///
  /// - Errors: traps while the function that computes the tensor is traced.
  public var storage: Storage {
    switch source {
    case .value(let storage): return storage
    case .result(let node, let index):
      require(
        !node.isSymbolic,
        "a tensor has no value while its function is traced: in place of `if`, use select, max or relu"
      )
      return Plan.evaluate([node.output(index)])[0].storage
    }
  }

  /// The elements in row-major order, as doubles.
  public var values: [Double] { storage.values }
  /// The elements in row-major order, rounded to single precision.
  public var floats: [Float] { storage.floatValues }

  /// The only element.
  public var scalar: Double {
    require(count == 1, "scalar: shape \(shape) has \(count) elements")
    return storage[0]
  }
}

extension Tensor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral
{
  public init(floatLiteral value: Double) { self.init(value) }
  public init(integerLiteral value: Int) { self.init(Double(value)) }

  /// Creates a scalar that adopts the precision of the tensors it meets.
  public init(_ value: Double) {
    self.init(Storage([value]), shape: [], isLiteral: true)
  }

  /// Stacks tensors of equal shape along a new first axis: `[[1, 2], [3, 4]]` has shape `[2, 2]`.
  public init(arrayLiteral elements: Tensor...) {
    if elements.contains(where: \.isSymbolic) {
      self = stack(elements)
      return
    }
    let parts = unified("array literal", elements)
    let shape = parts.first?.shape ?? []
    require(
      parts.allSatisfy { $0.shape == shape },
      "array literal: elements of shapes \(parts.map(\.shape))")
    self.init(
      Storage(parts.flatMap(\.values), dtype: parts.first?.dtype ?? .float64),
      shape: Shape([elements.count] + shape.dimensions),
      isLiteral: elements.allSatisfy(\.isLiteral))
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String {
    guard !isSymbolic else { return "tensor \(type), traced" }
    let values = storage.values
    guard rank > 0 else { return "\(values[0])" }
    let shown = values.prefix(16).map { "\($0)" }.joined(separator: ", ")
    return "\(type) [\(shown)\(values.count > 16 ? ", ..." : "")]"
  }
}
