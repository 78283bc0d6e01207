/// A buffer of a program, known by its place in the table of pointers that kernels receive.
public struct Slot: Hashable, Sendable {
  /// The place in the table.
  public let index: Int32

  /// The first place of every table points at the record of the run.
  static let record = Slot(index: 0)
}

/// A contiguous block of elements in a slot.
public struct Operand: Hashable, Sendable {
  /// The buffer.
  public let slot: Slot
  /// Where the block begins, in elements.
  public let offset: Int

  /// Creates an operand that begins `offset` elements into a slot.
  public init(_ slot: Slot, offset: Int = 0) {
    self.slot = slot
    self.offset = offset
  }
}
