/// How the innermost axis of a chain is cut into vectors.
///
/// In the middle of a row, shifted views are read like all others, only elsewhere. The vectors at its
/// edges, where they are not, are written out one by one, as are those of short rows.
struct RowPlan {
  /// Code before and behind the loop.
  private(set) var before: VectorBlock?
  private(set) var after: VectorBlock?
  /// One round of the loop.
  private(set) var loop: VectorBlock?
  /// The elements that the loop does, and how many in a round.
  private(set) var looped = 0..<0
  private(set) var step = 0

  /// More vectors than these at the edges are not written out.
  static let maximumEdges = 12

  init(_ compiler: inout ChainCompiler) throws(NotCovered) {
    let count = compiler.layout.dimensions.last ?? 1
    let lanes = compiler.lanes
    let middle = compiler.interior
    let vectors = middle.count / lanes
    let edges = (count + lanes - 1) / lanes - vectors
    guard edges <= Self.maximumEdges else { throw NotCovered() }
    let plain = compiler.vector(VectorPosition())
    var unrolled = min(compiler.unrolling(of: plain), max(1, vectors))
    if vectors <= max(unrolled, 4) && vectors * compiler.graph.nodes.count <= 64 {
      compiler.shared = []
      before = compiler.pieces(of: 0..<count)
      return
    }
    if !compiler.shared.isEmpty { unrolled = 1 }
    looped = middle.lowerBound..<middle.lowerBound + vectors / unrolled * unrolled * lanes
    step = unrolled * lanes
    compiler.placeShared(over: looped)
    loop = compiler.vectors(unrolled)
    if looped.lowerBound > 0 { before = compiler.pieces(of: 0..<looped.lowerBound) }
    if looped.upperBound < count { after = compiler.pieces(of: looped.upperBound..<count) }
  }

  /// The block that decides which registers are pinned.
  var main: VectorBlock? { loop ?? before }
}

extension ChainCompiler {
  /// The whole vectors of a row in which no view is read beyond its edges.
  var interior: Range<Int> {
    let count = layout.dimensions.last ?? 1
    var (first, end) = (0, count / lanes * lanes)
    for view in layout.views {
      guard let shift = view.shift(rank - 1) else { continue }
      first = max(first, (-shift.distance + lanes - 1) / lanes * lanes)
      end = min(end, max(0, shift.extent - shift.distance) / lanes * lanes)
    }
    return first < end ? first..<end : 0..<0
  }

  /// A block for some of a row's elements, with all places written out.
  func pieces(of elements: Range<Int>) -> VectorBlock {
    var block = VectorBlock(dtype)
    for start in stride(from: elements.lowerBound, to: elements.upperBound, by: lanes) {
      piece(start..<min(start + lanes, elements.upperBound), &block)
    }
    return block
  }

  /// Appends the chain for at most one vector of a row.
  func piece(
    _ elements: Range<Int>, storing lanes: VectorPlace.Lanes = .all, _ block: inout VectorBlock
  ) {
    block.length = VectorLength(holding: elements.count * dtype.size)
    var translation = GraphTranslation(graph)
    for (index, node) in graph.nodes.enumerated() {
      for case .input(let input) in node.operands where translation.isMissing(input) {
        translation.set(
          input, places(of: input).load(sources(of: elements, in: input), &block))
      }
      let value = translation.value(of: index, &block)
      let existing = VectorPlace.Lanes.fixed(UInt16(truncatingIfNeeded: 1 << elements.count - 1))
      let isWhole = elements.count == self.lanes && lanes == .all
      watch(index, value, isWhole || lanes == .rest ? lanes : existing, &block)
      guard let output = node.output else { continue }
      let targets = sources(of: elements, in: output).compactMap { $0 }
      places(of: output).store(value, to: targets, lanes: lanes, &block)
    }
    block.length = .bytes64
  }

  /// The places along a row that a view reads.
  private func sources(of elements: Range<Int>, in index: Int) -> [Int?] {
    let view = layout.views[index]
    let stride = view.strides.last ?? 0
    let shift = view.shift(rank - 1)
    return elements.map { element in
      let source = shift == nil ? element : shift?.source(of: element)
      return source.map { $0 * stride }
    }
  }

  // MARK: - Code

  mutating func emitRow(_ row: RowPlan) throws(NotCovered) {
    pins.loadElements(dtype == .float64, &assembler, frame)
    if let before = row.before { try emit(before) }
    if let loop = row.loop {
      let index = FunctionFrame.index
      let start = assembler.makeLabel()
      assembler.move(index, immediate: row.looped.lowerBound * dtype.size)
      try emitCarried()
      assembler.bind(start)
      try emit(loop)
      assembler.add(index, immediate: row.step * dtype.size)
      assembler.compare(index, immediate: row.looped.upperBound * dtype.size)
      assembler.jump(if: .less, to: start)
    }
    if let after = row.after { try emit(after) }
  }
}
