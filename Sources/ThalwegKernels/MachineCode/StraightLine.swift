/// Short chains that follow one another, as one function without loops.
///
/// What a chain computes is used by the next ones from its register. Buffers that nothing else reads
/// are not written at all. Where everything is very short, each element is a value of its own, so
/// that it does not matter how the elements are combined and taken apart between chains.
struct StraightLine: FunctionCompiler {
  /// A chain of the function.
  struct Member {
    let chain: Chain
    let dtype: DType
    let layout: ChainLayout
    let graph: ChainGraph

    /// Inputs whose memory may be that of an output.
    let overwritten: Set<Slot>

    init(_ chain: Chain, _ dtype: DType, overwriting slots: Set<Slot>) {
      self.chain = chain
      self.dtype = dtype
      overwritten = slots
      layout = ChainLayout(chain)
      graph = ChainGraph(chain)
    }

    /// Vectors of the whole chain.
    static let maximumVectors = 2

    /// Whether the chain is short enough to be written out.
    var isShort: Bool {
      layout.count * dtype.size <= 64 * Self.maximumVectors && graph.isCovered
        && graph.watched.isEmpty
    }
  }

  var assembler: Assembler
  var frame = FunctionFrame()
  let pins = PinnedRegisters()

  private let members: [Member]
  /// Buffers that no one else reads.
  private let hidden: Set<Slot>
  private let overwritten: Set<Slot>
  private var block: VectorBlock
  private var memory = ForwardedMemory()
  private var pointers: [Slot: Int] = [:]
  /// The buffers that are read or written.
  var touched: Set<Slot> { Set(pointers.keys) }

  init(_ members: [Member], hiding hidden: Set<Slot>, _ assembler: consuming Assembler) {
    self.members = members
    self.hidden = hidden
    overwritten = members.reduce(into: []) { $0.formUnion($1.overwritten) }
    self.assembler = assembler
    block = VectorBlock(.float64)
  }

  /// Appends the function and returns where it begins.
  mutating func compile() throws(NotCovered) -> Int {
    let entry = assembler.align()
    let isByElement = Self.isByElement(members)
    for member in members { append(member, isByElement) }
    try placePointers()
    let block = block
    try withFrame(needsStack: false) { compiler throws(NotCovered) in
      for (slot, pointer) in compiler.pointers.sorted(by: { $0.value < $1.value }) {
        guard let register = compiler.frame.pointers[pointer].register else { continue }
        compiler.assembler.load(register, Address(.rsi, 8 * Int(slot.index)))
      }
      try compiler.emit(block)
    }
    return entry
  }

  /// The most operations on single elements that take no longer than those on vectors, which wait
  /// for one another whenever elements change places.
  private static let maximumElementWork = 512

  private static func isByElement(_ members: [Member]) -> Bool {
    let work = members.reduce(0) { $0 + $1.layout.count * $1.chain.code.count }
    return members.count > 1 && members.allSatisfy { $0.layout.count <= 8 }
      && work <= maximumElementWork
  }

  /// Pointers get registers by how often they are used; others are read from the table each time.
  private mutating func placePointers() throws(NotCovered) {
    var uses = [Int](repeating: 0, count: pointers.count)
    for place in block.places {
      uses[place.pointer] += 1
      guard Int32(exactly: place.displacement) != nil else { throw NotCovered() }
    }
    var registers = FunctionFrame.pointerRegisters[...]
    frame.pointers = pointers.sorted { $0.value < $1.value }.map { slot, _ in
      .init(register: nil, memory: Address(.rsi, 8 * Int(slot.index)), stride: 0)
    }
    for pointer in uses.indices.sorted(by: { uses[$0] > uses[$1] }) where uses[pointer] > 0 {
      guard let register = registers.popFirst() else { break }
      frame.pointers[pointer].register = register
      frame.pointers[pointer].memory = nil
    }
  }

  // MARK: - Translation

  private mutating func append(_ member: Member, _ isByElement: Bool) {
    block.isDouble = member.dtype == .float64
    let lanes = isByElement ? 1 : 64 / member.dtype.size
    for piece in Self.pieces(member.layout.count, lanes: lanes) {
      block.length = VectorLength(holding: piece.count * member.dtype.size)
      var translation = GraphTranslation(member.graph)
      for (index, node) in member.graph.nodes.enumerated() {
        for case .input(let input) in node.operands where translation.isMissing(input) {
          translation.set(input, load(member.sources(of: piece, in: input), member, input))
        }
        let value = translation.value(of: index, &block)
        guard let output = node.output else { continue }
        let targets = member.sources(of: piece, in: output).compactMap { $0 }
        store(value, targets, member, output)
      }
    }
  }

  /// The elements of each piece.
  ///
  /// Lanes that are left out cost when the next call reads what this one wrote, so that the rest
  /// is cut into two powers of 2 where that is possible.
  static func pieces(_ count: Int, lanes: Int) -> [Range<Int>] {
    let rest = count % lanes
    var sizes = [Int](repeating: lanes, count: count / lanes)
    if rest.nonzeroBitCount > 2 {
      sizes.append(rest)
    } else if rest > 0 {
      let most = 1 << (Int.bitWidth - 1 - rest.leadingZeroBitCount)
      sizes += [most, rest - most].filter { $0 > 0 }
    }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return start..<start + size
    }
  }

  private mutating func load(
    _ sources: [Int?], _ member: Member, _ view: Int
  ) -> VectorBlock.Value {
    let view = member.layout.views[view]
    let elements = sources.map { $0.map { view.offset + $0 } }
    if let value = memory.value(of: elements, in: view.slot) { return value }
    let length = block.length
    for pending in memory.flush(elements, in: view.slot) {
      block.length = VectorLength(holding: pending.elements.count * member.dtype.size)
      places(view.slot, member.dtype).store(pending.value, to: pending.elements, &block)
    }
    block.length = length
    return places(view.slot, member.dtype).load(elements, &block)
  }

  private mutating func store(
    _ value: VectorBlock.Value, _ targets: [Int], _ member: Member, _ view: Int
  ) {
    let view = member.layout.views[view]
    let elements = targets.map { view.offset + $0 }
    let isHidden = hidden.contains(view.slot)
    memory.note(value, elements, in: view.slot, isPending: isHidden)
    if !isHidden { places(view.slot, member.dtype).store(value, to: elements, &block) }
  }

  private mutating func places(_ slot: Slot, _ dtype: DType) -> StaticPlaces {
    if pointers[slot] == nil { pointers[slot] = pointers.count }
    return StaticPlaces(
      dtype: dtype, pointer: pointers[slot] ?? 0, displacement: 0,
      isVolatile: overwritten.contains(slot))
  }
}

extension StraightLine.Member {
  /// The elements of a view that the lanes of a piece read, nil for a zero.
  func sources(of piece: Range<Int>, in index: Int) -> [Int?] {
    let view = layout.views[index]
    return piece.map { element in
      var rest = element
      var place = 0
      for axis in layout.dimensions.indices.reversed() {
        let index = rest % layout.dimensions[axis]
        rest /= layout.dimensions[axis]
        let shift = view.shift(axis)
        guard let source = shift == nil ? index : shift?.source(of: index) else { return nil }
        place += source * view.strides[axis]
      }
      return place
    }
  }
}

extension VectorLength {
  /// The shortest length that holds a number of bytes.
  init(holding bytes: Int) {
    self = bytes <= 16 ? .bytes16 : (bytes <= 32 ? .bytes32 : .bytes64)
  }
}
