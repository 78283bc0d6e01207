/// What a shifted tensor holds where it would read outside of the original.
public enum ShiftBoundary: Int32, Hashable, Sendable, CaseIterable {
  /// Zero.
  case zero
  /// The original repeats.
  case periodic
  /// The element at the nearer edge.
  case replicated
}

/// A view that reads elsewhere along an axis: its element i is element i + distance of the
/// original, which has `extent` of them.
public struct AxisShift: Hashable, Sendable {
  /// How far away elements are read.
  public var distance: Int
  /// The length of the axis that is read.
  public var extent: Int
  /// What is read outside of the original.
  public var boundary: ShiftBoundary

  /// Creates a shift.
  public init(distance: Int, extent: Int, boundary: ShiftBoundary) {
    self.distance = distance
    self.extent = extent
    self.boundary = boundary
  }

  /// The element that is read for an index, or nil where it is zero.
  public func source(of index: Int) -> Int? {
    let moved = index + distance
    if 0 <= moved, moved < extent { return moved }
    switch boundary {
    case .zero: return nil
    case .periodic: return (moved % extent + extent) % extent
    case .replicated: return moved < 0 ? 0 : extent - 1
    }
  }
}
