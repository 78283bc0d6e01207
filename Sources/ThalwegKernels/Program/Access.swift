/// What a call does with a buffer.
package struct Access: Hashable, Sendable {
  /// Which part of the buffer a row of the call's leading extent touches.
  enum Reach: Hashable, Sendable {
    /// Any part.
    case whole
    /// `bytes` bytes from `offset + row * bytes` on.
    case rows(offset: Int, bytes: Int)
    /// The same `count` elements in every row, to which each adds.
    case contracted(offset: Int, count: Int, DType)
    /// Any part, but nothing that another call wrote.
    case scratch
  }

  let slot: Slot
  let reach: Reach
  let isWrite: Bool

  /// A read of any part of a buffer.
  package static func reads(_ slot: Slot) -> Access {
    Access(slot: slot, reach: .whole, isWrite: false)
  }

  /// A write to any part of a buffer.
  package static func writes(_ slot: Slot) -> Access {
    Access(slot: slot, reach: .whole, isWrite: true)
  }

  /// A read of `rows` elements for each row, one behind the other.
  package static func reads(_ operand: Operand, rows: Int, _ dtype: DType) -> Access {
    Access(slot: operand.slot, reach: .rows(operand, rows, dtype), isWrite: false)
  }

  /// A write of `rows` elements for each row, one behind the other.
  package static func writes(_ operand: Operand, rows: Int, _ dtype: DType) -> Access {
    Access(slot: operand.slot, reach: .rows(operand, rows, dtype), isWrite: true)
  }

  /// A result to which all rows add.
  package static func contracts(_ operand: Operand, count: Int, _ dtype: DType) -> Access {
    Access(
      slot: operand.slot, reach: .contracted(offset: operand.offset, count: count, dtype),
      isWrite: true)
  }

  /// Memory for the kernel's own use.
  package static func scratch(_ slot: Slot) -> Access {
    Access(slot: slot, reach: .scratch, isWrite: true)
  }

  /// Whether this access and an earlier one must not change places.
  func depends(on other: Access) -> Bool { slot == other.slot && (isWrite || other.isWrite) }

  /// Whether this access must wait until an earlier call has done all of its rows.
  func waits(for other: Access) -> Bool {
    guard depends(on: other) else { return false }
    if case .rows = reach { return reach != other.reach }
    return true
  }
}

extension Access.Reach {
  fileprivate static func rows(_ operand: Operand, _ count: Int, _ dtype: DType) -> Self {
    .rows(offset: operand.offset * dtype.size, bytes: count * dtype.size)
  }
}

/// How a call can be cut: into rows of a leading extent, such as the samples of a batch.
package struct Cut: Hashable, Sendable {
  /// The number of rows.
  package var extent: Int
  /// What the whole call takes on one thread, in nanoseconds: a guess.
  package var cost: Double

  /// Creates a description of a call that can be cut.
  package init(extent: Int, cost: Double) {
    self.extent = extent
    self.cost = cost
  }
}
