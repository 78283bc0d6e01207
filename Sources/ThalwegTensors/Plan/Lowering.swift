import ThalwegKernels

/// Turns a graph into a program: gives each value a place and appends the calls.
final class Lowering {
  let graph: PlanGraph
  let fusion: Fusion
  var builder: ProgramBuilder
  /// Evaluations of dynamics in one run.
  var evaluations: Int
  private var places: [PlanGraph.Value: Operand] = [:]
  private let used: Set<PlanGraph.Value>
  private var readers: [PlanGraph.Value: Int] = [:]
  /// Values that are computed right into the block of a concatenation.
  private var homes: [PlanGraph.Value: (whole: PlanGraph.Value, offset: Int)] = [:]
  private let outputSlots: [Slot]
  private var readOutside: Set<Int> = []
  /// The outputs that may be computed over an input, and the slots that chains may so overwrite.
  let reused: Set<Int>
  private let overwritten: [Int: [Slot]]

  init(
    _ graph: PlanGraph, inputs: [TensorType], reusing pairs: [Int: Int], isUniform: Bool
  ) {
    self.graph = graph
    fusion = Fusion(graph)
    used = graph.usedValues
    evaluations = graph.vertices.count { $0.operation is Evaluation }
    var builder = ProgramBuilder()
    builder.runsOnce = inputs.isEmpty
    builder.isUniform = isUniform
    let inputSlots = inputs.map { builder.input(count: $0.count, dtype: $0.dtype) }
    outputSlots = graph.outputs.map { value in
      builder.output(count: graph.type(value).count, dtype: graph.type(value).dtype)
    }
    self.builder = builder
    let reuse = OutputReuse(graph, fusion, pairs)
    reused = reuse.outputs
    overwritten = reuse.inputs.mapValues { $0.map { inputSlots[$0] } }
    for (index, vertex) in graph.vertices.enumerated() {
      if case .input(let place) = vertex.kind {
        places[PlanGraph.Value(vertex: index)] = Operand(inputSlots[place])
      }
      for input in vertex.inputs where !vertex.isView {
        let base = graph.location(of: input).base
        readers[base, default: 0] += 1
      }
    }
    readOutside = fusion.readOutside(graph)
    for value in graph.outputs { readOutside.insert(graph.location(of: value).base.vertex) }
    findHomes()
    for (index, kernel) in fusion.kernels.enumerated() where !kernel.vertices.isEmpty {
      if let type = kernel.chain {
        var chain = ChainLowering(index, type, in: self)
        chain.emit()
      } else {
        graph.vertices[kernel.vertices[0]].operation?.lower(
          KernelContext(lowering: self, vertex: kernel.vertices[0]))
      }
    }
  }

  // MARK: - Places

  /// The buffer in which a value that some kernel computes, or that is given, lies.
  func place(of base: PlanGraph.Value) -> Operand {
    if let place = places[base] { return place }
    let type = graph.type(base)
    let place: Operand
    if case .constant(let storage) = graph.vertices[base.vertex].kind {
      place = Operand(builder.constant(storage))
    } else if let output = graph.claims[base] {
      place = Operand(outputSlots[output])
    } else if let home = homes[base] {
      let whole = self.place(of: home.whole)
      place = Operand(whole.slot, offset: whole.offset + home.offset)
    } else {
      place = Operand(builder.temporary(count: type.count, dtype: type.dtype))
    }
    places[base] = place
    return place
  }

  /// The buffer and view behind a value.
  func view(of value: PlanGraph.Value) -> (Slot, StridedView) {
    let location = graph.location(of: value)
    let place = place(of: location.base)
    var view = location.view
    view.offset += place.offset
    return (place.slot, view)
  }

  /// The slots in whose memory a kernel may find its outputs.
  func slotsOverwritten(by kernel: Int) -> [Slot] { overwritten[kernel] ?? [] }

  /// Whether a kernel other than its own, or the caller, reads a vertex.
  func isReadOutside(_ vertex: Int) -> Bool { readOutside.contains(vertex) }

  func isUsed(_ value: PlanGraph.Value) -> Bool { used.contains(value) }

  func isOnlyReader(of base: PlanGraph.Value) -> Bool {
    readers[base] == 1 && graph.claims[base] == nil
      && graph.vertices[base.vertex].operation != nil
  }

  func isHome(_ value: PlanGraph.Value, at whole: PlanGraph.Value, offset: Int) -> Bool {
    homes[graph.location(of: value).base].map { $0.whole == whole && $0.offset == offset } ?? false
  }

  /// Lets values that are concatenated be computed in place.
  private func findHomes() {
    for (index, vertex) in graph.vertices.enumerated() {
      guard let concatenate = vertex.operation as? Concatenate,
        let blocks = concatenate.blocks(of: vertex.inputs.map(graph.type))
      else { continue }
      for (input, offset) in zip(vertex.inputs, blocks) {
        let location = graph.location(of: input)
        let base = graph.vertices[location.base.vertex]
        guard base.operation != nil, location.view.isContiguous, location.view.offset == 0,
          location.view.shape.elementCount == base.types[location.base.output].count,
          graph.claims[location.base] == nil, homes[location.base] == nil
        else { continue }
        homes[location.base] = (PlanGraph.Value(vertex: index), offset)
      }
    }
  }
}
