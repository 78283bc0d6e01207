import ThalwegKernels

/// A traced graph as it is translated to ONNX, node by node.
struct ONNXGraph {
  private var nodes: [ProtocolMessage] = []
  private var initializers: [ProtocolMessage] = []
  private var names: [GraphRewriter.TensorKey: String] = [:]
  /// The names of lists of integers that are initializers already.
  private var lists: [[Int]: String] = [:]
  private let input: Tensor
  private(set) var operators: [String] = []

  init(input: Tensor) {
    self.input = input
    names[GraphRewriter.TensorKey(input)] = "input"
  }

  /// Gives a tensor a name and a value.
  mutating func name(_ tensor: Tensor, _ name: String, holding value: Tensor) {
    names[GraphRewriter.TensorKey(tensor)] = name
    append(name, value.dtype.onnxCode, value.shape.dimensions, value.storage.bytes)
  }

  /// Translates all that a tensor depends on, and returns the graph.
  mutating func finish(_ output: Tensor) throws(ONNXError) -> ProtocolMessage {
    for node in topologicalOrder(of: [output]) where !(node.operation is Placeholder) {
      let inputs = node.inputs.map { name(of: $0) }
      let call = ONNXCall(inputs: inputs, types: node.inputs.map(\.type), output: node.types[0])
      let results = try translate(node.operation, call)
      for (tensor, name) in zip(node.outputs, results) {
        names[GraphRewriter.TensorKey(tensor)] = name
      }
    }
    let last = ProtocolMessage.onnxNode("Identity", [name(of: output)], "output", [:])
    operators.append("Identity")
    var graph = ProtocolMessage()
    for node in nodes + [last] { graph.append(1, node) }
    graph.append(2, "thalweg")
    for tensor in initializers { graph.append(5, tensor) }
    graph.append(11, ProtocolMessage.onnxValue("input", input.type))
    graph.append(12, ProtocolMessage.onnxValue("output", output.type))
    return graph
  }

  /// Appends a node and returns the name of its result.
  mutating func append(
    _ name: String, _ inputs: [String], _ attributes: KeyValuePairs<String, ONNXAttribute> = [:]
  ) -> String {
    let result = "\(name.lowercased())_\(nodes.count)"
    nodes.append(.onnxNode(name, inputs, result, attributes))
    operators.append(name)
    return result
  }

  /// The name of a list of integers, which some nodes take as an input.
  mutating func list(_ integers: [Int]) -> String {
    if let name = lists[integers] { return name }
    let name = "integers_\(lists.count)"
    lists[integers] = name
    var bytes: [UInt8] = []
    for integer in integers { bytes.append(littleEndian: Int64(integer)) }
    append(name, 7, [integers.count], bytes)
    return name
  }

  /// The name of a number, as a tensor without axes.
  mutating func number(_ value: Double, _ dtype: DType) -> String {
    name(of: Tensor(Storage([value], dtype: dtype), shape: []))
  }

  /// The name of a tensor; what has a value becomes an initializer.
  private mutating func name(of tensor: Tensor) -> String {
    let key = GraphRewriter.TensorKey(tensor)
    if let name = names[key] { return name }
    let name = "constant_\(initializers.count)"
    names[key] = name
    append(name, tensor.dtype.onnxCode, tensor.shape.dimensions, tensor.storage.bytes)
    return name
  }

  private mutating func append(_ name: String, _ type: Int, _ lengths: [Int], _ bytes: [UInt8]) {
    var tensor = ProtocolMessage()
    for length in lengths { tensor.append(1, length) }
    tensor.append(2, type)
    tensor.append(8, name)
    tensor.append(9, bytes)
    initializers.append(tensor)
  }
}

/// An operation with the names of its inputs.
struct ONNXCall {
  let inputs: [String]
  /// The types of the inputs.
  let types: [TensorType]
  /// The type of the first result.
  let output: TensorType
}

extension DType {
  /// The number by which ONNX knows the type.
  var onnxCode: Int { self == .float32 ? 1 : 11 }
}

extension ProtocolMessage {
  /// A node with one result.
  static func onnxNode(
    _ name: String, _ inputs: [String], _ output: String,
    _ attributes: KeyValuePairs<String, ONNXAttribute>
  ) -> ProtocolMessage {
    var node = ProtocolMessage()
    for input in inputs { node.append(1, input) }
    node.append(2, output)
    node.append(3, output)
    node.append(4, name)
    for (name, attribute) in attributes { node.append(5, attribute.message(name)) }
    return node
  }

  /// An input or output with its type.
  static func onnxValue(_ name: String, _ type: TensorType) -> ProtocolMessage {
    var shape = ProtocolMessage()
    for length in type.shape {
      var dimension = ProtocolMessage()
      dimension.append(1, length)
      shape.append(1, dimension)
    }
    var tensor = ProtocolMessage()
    tensor.append(1, type.dtype.onnxCode)
    tensor.append(2, shape)
    var kind = ProtocolMessage()
    kind.append(1, tensor)
    var value = ProtocolMessage()
    value.append(1, name)
    value.append(2, kind)
    return value
  }
}
