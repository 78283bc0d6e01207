/// The lengths of a tensor along each of its axes, outermost first.
///
///     let images: Shape = [64, 16, 32, 32]  // batch, channels, height, width
///     images.elementCount                   // 1_048_576
///
/// The empty shape `[]` is that of a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The lengths, outermost axis first.
  public var dimensions: [Int]

  /// The largest number of axes that a kernel can walk over.
  public static let maximumRank = 8

  /// Creates a shape from its lengths.
  public init(_ dimensions: [Int]) {
    require(
      dimensions.allSatisfy { $0 >= 0 }, "shape: negative length in \(dimensions)")
    require(
      dimensions.count <= Self.maximumRank,
      "shape: \(dimensions) has more than \(Self.maximumRank) axes")
    self.dimensions = dimensions
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of elements, 1 for a scalar.
  public var elementCount: Int { dimensions.reduce(1, *) }

  /// The distance in elements between neighbours along each axis of a row-major array.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// The index of an axis, counted from the end where negative.
  public func axis(_ index: Int, of operation: String) -> Int {
    let axis = index < 0 ? index + rank : index
    require(
      dimensions.indices.contains(axis), "\(operation): no axis \(index) in shape \(self)")
    return axis
  }

  /// The shape to which both broadcast by NumPy's rule, or nil where they do not.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = Swift.max(self.rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for offset in 1...Swift.max(rank, 1) where rank > 0 {
      let a = offset <= self.rank ? dimensions[self.rank - offset] : 1
      let b = offset <= other.rank ? other.dimensions[other.rank - offset] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[rank - offset] = a == 1 ? b : a
    }
    return Shape(result)
  }
}

extension Shape: RandomAccessCollection, CustomStringConvertible {
  public var startIndex: Int { 0 }
  public var endIndex: Int { dimensions.count }
  public subscript(axis: Int) -> Int { dimensions[axis] }
  public var description: String { dimensions.description }
}
