public import ThalwegKernels

/// How the elements of a tensor lie in the buffer of another one.
public struct StridedView: Hashable, Sendable {
  /// The lengths along the axes.
  public var shape: Shape
  /// The distance between neighbours along each axis; 0 along a broadcast one.
  public var strides: [Int]
  /// The place of the first element.
  public var offset: Int
  /// The axes along which the elements are those at a distance, and what lies beyond the ends.
  public var shifts: [Int: AxisShift]

  /// The row-major view of a whole buffer.
  public init(rowMajor shape: Shape) { self.init(shape: shape, strides: shape.strides, offset: 0) }

  /// Creates a view.
  public init(shape: Shape, strides: [Int], offset: Int, shifts: [Int: AxisShift] = [:]) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.shifts = shifts
  }

  /// Whether the elements lie one behind the other in row-major order.
  public var isContiguous: Bool {
    shifts.isEmpty
      && zip(shape, zip(strides, shape.strides)).allSatisfy { length, pair in
        length == 1 || pair.0 == pair.1
      }
  }
}

/// An operation that only looks at its input differently and moves no element.
public protocol ViewOperation: Operation {
  /// The view of the output, or nil where the elements must be copied first.
  func view(of input: StridedView) -> StridedView?
}

extension ViewOperation {
  /// Never called: plans follow views to the buffer behind them.
  public func lower(_ context: KernelContext) {
    fatalError("\(name): a view has no kernel")
  }
}
