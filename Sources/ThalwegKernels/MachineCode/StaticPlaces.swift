/// Where a view's elements lie, for loads and stores whose places are known while code is written.
struct StaticPlaces {
  let dtype: DType
  /// The pointer, and the first element's distance from it in bytes.
  let pointer: Int
  let displacement: Int
  /// Whether what is read may be overwritten.
  let isVolatile: Bool

  private var lanes: Int { 64 / dtype.size }

  /// A vector that begins so many elements behind the first.
  func place(_ element: Int) -> VectorPlace {
    var place = VectorPlace(
      pointer: pointer, isIndexed: false, displacement: displacement + element * dtype.size,
      bytes: 64)
    place.isVolatile = isVolatile
    return place
  }

  /// Loads elements at distances from the first; nil stands for a zero.
  func load(_ sources: [Int?], _ block: inout VectorBlock) -> VectorBlock.Value {
    let inside = sources.compactMap { $0 }
    guard let lowest = inside.min(), let highest = inside.max() else { return block.number(0) }
    if inside.count == sources.count, lowest == highest {
      var place = place(lowest)
      (place.form, place.bytes) = (.element, dtype.size)
      return block.load(place)
    }
    if Self.isRow(sources) { return loadRow(sources, &block) }
    let length = block.length
    defer { block.length = length }
    block.length = .bytes64
    if highest - lowest < lanes { return loadPermuted(sources, lowest...highest, &block) }
    var place = place(0)
    place.form = .listed
    place.lanes = .fixed(mask(sources.map { $0 != nil }))
    return block.load(place, at: block.pattern(padded(sources.map { Int32($0 ?? 0) })))
  }

  /// Whether neighbouring lanes read neighbours, where they read at all.
  static func isRow(_ sources: [Int?]) -> Bool {
    guard let first = sources.firstIndex(where: { $0 != nil }) else { return false }
    let base = (sources[first] ?? 0) - first
    return sources.enumerated().allSatisfy { $1 == nil || $1 == base + $0 }
  }

  private func loadRow(_ sources: [Int?], _ block: inout VectorBlock) -> VectorBlock.Value {
    guard let first = sources.firstIndex(where: { $0 != nil }) else { return block.number(0) }
    var place = place((sources[first] ?? 0) - first)
    let bytes = sources.count * dtype.size
    let isWhole = sources.allSatisfy { $0 != nil }
    if isWhole, bytes & (bytes - 1) == 0 {
      place.bytes = bytes
    } else {
      place.bytes = block.length.bytes
      place.lanes = .fixed(mask(sources.map { $0 != nil }))
    }
    return block.load(place)
  }

  private func loadPermuted(
    _ sources: [Int?], _ span: ClosedRange<Int>, _ block: inout VectorBlock
  ) -> VectorBlock.Value {
    var place = place(span.lowerBound)
    if span.count < lanes { place.lanes = .fixed(UInt16(truncatingIfNeeded: 1 << span.count - 1)) }
    let table = block.load(place)
    let order = sources.map { Int32(($0 ?? span.lowerBound) - span.lowerBound) }
    let pattern = block.pattern(
      padded(dtype == .float64 ? order.flatMap { [$0, 0] } : order))
    let isWhole = sources.allSatisfy { $0 != nil }
    return block.append(
      .permute, pattern, table,
      immediate: isWhole ? 0xFFFF : Int(mask(sources.map { $0 != nil })))
  }

  /// Stores to elements at distances from the first; all of them, or those of the rest.
  func store(
    _ value: VectorBlock.Value, to targets: [Int], lanes: VectorPlace.Lanes = .all,
    _ block: inout VectorBlock
  ) {
    let bytes = targets.count * dtype.size
    let all = VectorPlace.Lanes.fixed(UInt16(truncatingIfNeeded: 1 << targets.count - 1))
    if Self.isRow(targets) {
      var place = place(targets.first ?? 0)
      let isWhole = lanes == .all && bytes & (bytes - 1) == 0
      place.bytes = isWhole ? bytes : block.length.bytes
      place.lanes = isWhole || lanes == .rest ? lanes : all
      return block.store(value, place)
    }
    let length = block.length
    defer { block.length = length }
    block.length = .bytes64
    var place = place(0)
    place.form = .listed
    place.lanes = lanes == .rest ? .rest : all
    block.store(value, place, at: block.pattern(padded(targets.map { Int32($0) })))
  }

  private func mask(_ lanes: [Bool]) -> UInt16 {
    lanes.enumerated().reduce(0) { $0 | ($1.element ? 1 << UInt16($1.offset) : 0) }
  }

  private func padded(_ lanes: [Int32]) -> [Int32] {
    lanes + [Int32](repeating: 0, count: 16 - lanes.count)
  }
}
