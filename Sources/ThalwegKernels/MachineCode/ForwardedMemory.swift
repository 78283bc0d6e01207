/// What straight-line code has written to memory, or would have, if someone else read it.
struct ForwardedMemory {
  struct Store {
    var value: VectorBlock.Value
    var elements: [Int]
    var isPending: Bool
  }

  private var stores: [Slot: [Store]] = [:]

  /// The value that holds exactly these elements.
  func value(of elements: [Int?], in slot: Slot) -> VectorBlock.Value? {
    stores[slot]?.last { $0.elements == elements }?.value
  }

  /// The stores that have to be made before some elements can be read from memory.
  mutating func flush(_ elements: [Int?], in slot: Slot) -> [Store] {
    guard let known = stores[slot] else { return [] }
    let wanted = Set(elements.compactMap { $0 })
    var flushed: [Store] = []
    for (index, store) in known.enumerated()
    where store.isPending && !wanted.isDisjoint(with: store.elements) {
      flushed.append(store)
      stores[slot]?[index].isPending = false
    }
    return flushed
  }

  mutating func note(
    _ value: VectorBlock.Value, _ elements: [Int], in slot: Slot, isPending: Bool
  ) {
    let store = Store(value: value, elements: elements, isPending: isPending)
    stores[slot, default: []].append(store)
  }
}
