import ThalwegKernels
public import ThalwegTensors

/// Points in classes.
public struct LabelledPoints: Sendable {
  /// The coordinates, a row for each point.
  public let points: Tensor
  /// The class of each point.
  public let classes: [Int]
  /// The number of classes.
  public let classCount: Int

  /// Creates labelled points.
  ///
  /// - Errors: traps where there are not as many classes as rows, and where one is out of range.
  public init(points: Tensor, classes: [Int], classCount: Int) {
    require(
      points.rank == 2 && points.shape[0] == classes.count
        && classes.allSatisfy { (0..<classCount).contains($0) },
      "labelled points: \(points.shape) with \(classes.count) of \(classCount) classes")
    self.points = points
    self.classes = classes
    self.classCount = classCount
  }

  /// The classes as the loss takes them.
  public var labels: Tensor {
    Tensor(classes.map(Double.init), shape: [classes.count], dtype: points.dtype)
  }
}
