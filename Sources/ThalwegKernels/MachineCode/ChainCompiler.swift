/// Translates one chain to a function in machine code.
///
/// It is a loop over whole vectors along the innermost axis, with what is left over done under a
/// mask, inside of a loop for each other axis.
struct ChainCompiler: FunctionCompiler {
  let graph: ChainGraph
  let layout: ChainLayout
  let dtype: DType
  var assembler: Assembler
  var frame = FunctionFrame()
  var pins = PinnedRegisters()
  /// What the loops need not compute; see ``SharedValue``.
  var shared: [SharedValue]
  /// Where on the stack the values of the row before lie.
  var rowBuffers: [Int: VectorPlace] = [:]
  /// Where the watches leave their numbers, and where on the stack their addresses lie.
  let watches: [Chain.Watch]
  var watchPlaces: [Int] = []
  /// Inputs whose memory may be that of an output.
  private let overwritten: Set<Slot>
  /// The pointer of each view, and how many bytes it lies behind it.
  private(set) var pointerOf: [Int] = []
  private(set) var displacements: [Int] = []
  /// The pointers as they were found: a view that has each.
  private(set) var representatives: [Int] = []

  /// Elements in a whole vector.
  var lanes: Int { 64 / dtype.size }
  var rank: Int { layout.dimensions.count }

  init(
    _ chain: Chain, _ dtype: DType, overwriting slots: Set<Slot>, _ assembler: consuming Assembler
  ) {
    self.dtype = dtype
    self.assembler = assembler
    graph = ChainGraph(chain)
    layout = ChainLayout(chain)
    watches = chain.watches
    overwritten = slots
    shared = SharedValues(graph, layout, inputs: chain.inputs.count).list
    findPointers()
  }

  /// Views of the same buffer that move alike share a pointer.
  private mutating func findPointers() {
    struct Key: Hashable {
      var slot: Slot
      var strides: [Int]
      var shifts: [AxisShift?]
    }
    var known: [Key: Int] = [:]
    for (index, view) in layout.views.enumerated() {
      let key = Key(slot: view.slot, strides: view.strides, shifts: Array(view.shifts.dropLast()))
      let pointer = known[key] ?? representatives.count
      if known[key] == nil {
        known[key] = pointer
        representatives.append(index)
      }
      pointerOf.append(pointer)
      let base = layout.views[representatives[pointer]].offset
      displacements.append((view.offset - base) * dtype.size)
    }
  }

  func places(of view: Int) -> StaticPlaces {
    StaticPlaces(
      dtype: dtype, pointer: pointerOf[view], displacement: displacements[view],
      isVolatile: overwritten.contains(layout.views[view].slot))
  }
}
