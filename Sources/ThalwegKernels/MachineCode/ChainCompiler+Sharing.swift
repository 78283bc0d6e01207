/// What shared values need before a loop begins.
extension ChainCompiler {
  /// The most bytes of the stack that hold values of the row before.
  private static let maximumRowBytes = 32 << 10

  /// Keeps only what can be shared in loops over these elements of a row, and reserves memory.
  mutating func placeShared(over looped: Range<Int>) {
    let rows = Set(shared.filter { $0.direction == .row }.map(\.leader))
    let bytes = (looped.count * dtype.size + 63) & ~63
    guard rows.count * bytes <= Self.maximumRowBytes else {
      shared.removeAll { $0.direction == .row }
      return
    }
    for leader in rows.sorted() {
      let offset = frame.reserve(bytes: bytes)
      frame.pointers.append(.init(register: .rsp, stride: 1))
      var place = VectorPlace(
        pointer: frame.pointers.count - 1, isIndexed: true,
        displacement: offset - looped.lowerBound * dtype.size, bytes: 64)
      place.isVolatile = true
      rowBuffers[leader] = place
    }
  }

  /// Computes what the first round of a loop finds carried; the index is that of the loop's start.
  mutating func emitCarried() throws(NotCovered) {
    let carried = shared.filter { $0.direction != .row }
    guard !carried.isEmpty else { return }
    var block = VectorBlock(dtype)
    for (number, value) in carried.enumerated() {
      guard case .elements(let distance) = value.direction else { continue }
      // Of the vector before, only the last lanes are asked for; others may lie outside.
      let asked = UInt16(truncatingIfNeeded: (1 << distance - 1) << (lanes - distance))
      let position = VectorPosition(lanes: .fixed(asked), start: -lanes)
      var translation = GraphTranslation(graph)
      let leader = plainValue(of: value.leader, position, &translation, &block)
      _ = block.append(.carry, leader, immediate: number)
    }
    try emit(block)
  }

  /// Computes what the first row finds of the row before it.
  mutating func emitRowBefore(_ looped: Range<Int>) throws(NotCovered) {
    let values = shared.filter { $0.direction == .row }
    guard !values.isEmpty else { return }
    var block = VectorBlock(dtype)
    var translation = GraphTranslation(graph)
    for value in values {
      guard let place = rowBuffers[value.leader] else { continue }
      let before = plainValue(of: value.follower, VectorPosition(), &translation, &block)
      block.store(before, place)
    }
    let start = assembler.makeLabel()
    assembler.move(FunctionFrame.index, immediate: looped.lowerBound * dtype.size)
    assembler.bind(start)
    try emit(block)
    assembler.add(FunctionFrame.index, immediate: 64)
    assembler.compare(FunctionFrame.index, immediate: looped.upperBound * dtype.size)
    assembler.jump(if: .less, to: start)
  }
}
