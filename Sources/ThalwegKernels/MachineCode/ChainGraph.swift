/// The values of a chain: each is an operation on inputs, constants and values before it.
struct ChainGraph {
  enum Operand: Hashable {
    case input(Int)
    case constant(Int)
    case node(Int)
  }

  struct Node {
    var operation: ChainOperation
    var operands: [Operand]
    /// The view into which the value is written.
    var output: Int?
  }

  private(set) var nodes: [Node] = []
  let constants: [Double]
  /// The nodes that are watched; nil where that is not the value of a node.
  let watched: [Int?]

  init(_ chain: Chain) {
    constants = chain.constants
    let firstRegister = chain.inputs.count + chain.constants.count
    let firstOutput = firstRegister + chain.registers
    var sources: [Int: Int] = [:]
    for (index, instruction) in chain.code.enumerated() {
      let places = [instruction.a, instruction.b, instruction.c]
      let operands = places.prefix(instruction.operation.arity).map { place in
        if let node = sources[place] { return Operand.node(node) }
        return place < chain.inputs.count
          ? .input(place) : .constant(min(place, firstRegister - 1) - chain.inputs.count)
      }
      let output =
        instruction.destination >= firstOutput
        ? chain.inputs.count + instruction.destination - firstOutput : nil
      nodes.append(Node(operation: instruction.operation, operands: operands, output: output))
      sources[instruction.destination] = index
    }
    watched = chain.watches.map { sources[$0.operand] }
  }

  /// Whether all of the chain can be translated to machine code.
  var isCovered: Bool {
    nodes.allSatisfy { $0.operation.isCompiled } && watched.allSatisfy { $0 != nil }
  }
}

/// The values of a chain for one vector, as far as they are in a block.
struct GraphTranslation {
  typealias Value = VectorBlock.Value

  private let graph: ChainGraph
  private var inputs: [Int: Value] = [:]
  private var values: [Value]

  init(_ graph: ChainGraph) {
    self.graph = graph
    values = [Value](repeating: -1, count: graph.nodes.count)
  }

  /// Whether an input has not been loaded yet.
  func isMissing(_ input: Int) -> Bool { inputs[input] == nil }

  mutating func set(_ input: Int, _ value: Value) { inputs[input] = value }

  func isKnown(_ node: Int) -> Bool { values[node] >= 0 }

  mutating func set(node: Int, _ value: Value) { values[node] = value }

  /// The value of a node whose operands are known.
  mutating func value(of node: Int, _ block: inout VectorBlock) -> Value {
    if values[node] >= 0 { return values[node] }
    let form = graph.nodes[node]
    let operands = form.operands.map { operand in
      switch operand {
      case .input(let input): inputs[input] ?? block.number(0)
      case .constant(let place): block.number(graph.constants[place])
      case .node(let before): values[before]
      }
    }
    let b = operands.count > 1 ? operands[1] : operands[0]
    let c = operands.count > 2 ? operands[2] : operands[0]
    values[node] = block.apply(form.operation, operands[0], b, c)
    return values[node]
  }
}
