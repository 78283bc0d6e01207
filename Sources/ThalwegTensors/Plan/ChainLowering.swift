import ThalwegKernels

/// Translates a group of element-wise operations into one ``Chain``.
struct ChainLowering {
  private enum Source: Hashable {
    case input(Int)
    case constant(Int)
    case register(Int)
    case output(Int)
  }

  private let index: Int
  private let kernel: Fusion.Kernel
  private let type: TensorType
  private let lowering: Lowering
  private var inputs: [Chain.View] = []
  private var inputIndex: [PlanGraph.Location: Int] = [:]
  private var constants: [Double] = []
  private var outputs: [Chain.View] = []
  private var registers = 0
  private var freeRegisters: [Int] = []
  private var sources: [Int: Source] = [:]

  init(_ index: Int, _ type: TensorType, in lowering: Lowering) {
    self.index = index
    kernel = lowering.fusion.kernels[index]
    self.type = type
    self.lowering = lowering
  }

  private var graph: PlanGraph { lowering.graph }

  mutating func emit() {
    let members = Set(kernel.vertices)
    let (lastUse, isNeeded) = lifetimes(members)
    var code: [(operation: ChainOperation, destination: Source, operands: [Source])] = []
    var watches: [(value: Source, result: Operand, limit: Double)] = []
    for (time, index) in kernel.vertices.enumerated() {
      let vertex = graph.vertices[index]
      if let watch = vertex.operation as? Watch {
        let place = lowering.place(of: PlanGraph.Value(vertex: index))
        watches.append((source(of: vertex.inputs[0], members), place, watch.limit))
      }
      guard let operation = vertex.operation as? any ElementwiseOperation else { continue }
      let operands = vertex.inputs.map { source(of: $0, members) }
      for member in Set(vertex.inputs.map { graph.location(of: $0).base.vertex })
      where members.contains(member) && lastUse[member] == time {
        if case .register(let register)? = sources[member] { freeRegisters.append(register) }
      }
      let destination = destination(of: index, isNeeded: isNeeded.contains(index))
      sources[index] = destination
      code.append((operation.code, destination, operands))
    }
    let instructions = code.map { line in
      let operands = line.operands.map(number) + [0, 0, 0]
      return Chain.Instruction(
        line.operation, into: number(line.destination), operands[0], operands[1], operands[2])
    }
    lowering.builder.chain(
      Chain(
        over: type.shape.dimensions, inputs: inputs, constants: constants, registers: registers,
        outputs: outputs, code: instructions,
        watches: watches.map {
          Chain.Watch(over: number($0.value), into: $0.result, limit: $0.limit)
        }),
      overwriting: lowering.slotsOverwritten(by: index), type.dtype, label: label)
  }

  private var label: String {
    let names = kernel.vertices.compactMap { graph.vertices[$0].operation?.name }
    let shown = names.prefix(8).joined(separator: " ")
    return "chain \(type): \(shown)\(names.count > 8 ? " ... \(names.count) in all" : "")"
  }

  /// When each member is last read inside the chain, and which are read outside of it.
  private func lifetimes(_ members: Set<Int>) -> (last: [Int: Int], outside: Set<Int>) {
    var last: [Int: Int] = [:]
    for (time, index) in kernel.vertices.enumerated() {
      for input in graph.vertices[index].inputs {
        // What is watched must still be there at the end.
        let isWatch = graph.vertices[index].operation is Watch
        let base = graph.location(of: input).base.vertex
        last[base] = isWatch ? .max : Swift.max(last[base] ?? 0, time)
      }
    }
    // What several chains compute is written by the first one.
    let outside = members.filter {
      lowering.isReadOutside($0) && lowering.fusion.owner[$0] == index
    }
    return (last, Set(outside))
  }

  private mutating func source(of value: PlanGraph.Value, _ members: Set<Int>) -> Source {
    let location = graph.location(of: value)
    if members.contains(location.base.vertex), let source = sources[location.base.vertex] {
      return source
    }
    if let constant = graph.scalarConstant(value) {
      if let known = constants.firstIndex(where: { $0.bitPattern == constant.bitPattern }) {
        return .constant(known)
      }
      constants.append(constant)
      return .constant(constants.count - 1)
    }
    if let known = inputIndex[location] { return .input(known) }
    let (slot, view) = lowering.view(of: value)
    inputs.append(
      Chain.View(slot: slot, offset: view.offset, strides: view.strides, shifts: view.shifts))
    inputIndex[location] = inputs.count - 1
    return .input(inputs.count - 1)
  }

  private mutating func destination(of index: Int, isNeeded: Bool) -> Source {
    if isNeeded {
      let place = lowering.place(of: PlanGraph.Value(vertex: index))
      outputs.append(
        Chain.View(slot: place.slot, offset: place.offset, strides: type.shape.strides))
      return .output(outputs.count - 1)
    }
    if let register = freeRegisters.popLast() { return .register(register) }
    registers += 1
    return .register(registers - 1)
  }

  private func number(_ source: Source) -> Int {
    switch source {
    case .input(let index): index
    case .constant(let index): inputs.count + index
    case .register(let index): inputs.count + constants.count + index
    case .output(let index): inputs.count + constants.count + registers + index
    }
  }
}
