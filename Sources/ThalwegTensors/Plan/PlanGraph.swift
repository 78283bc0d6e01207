import ThalwegKernels

/// A trace prepared for compilation: numbered, without duplicates and dead code, with views
/// followed to the buffers behind them.
struct PlanGraph {
  /// An output of a vertex.
  struct Value: Hashable {
    var vertex: Int
    var output = 0
  }

  enum Kind {
    case input(Int)
    case constant(Storage)
    case operation(any Operation)
  }

  struct Vertex {
    var kind: Kind
    var inputs: [Value]
    var types: [TensorType]

    var operation: (any Operation)? {
      if case .operation(let operation) = kind { return operation }
      return nil
    }
    var isElementwise: Bool { operation is any ElementwiseOperation }
    var isView: Bool { operation is any ViewOperation }
  }

  /// Where the elements of a value really are.
  struct Location: Hashable {
    var base: Value
    var view: StridedView
  }

  private struct Key: Hashable {
    var operation: AnyHashable
    var inputs: [Value]
  }

  private(set) var vertices: [Vertex] = []
  private(set) var outputs: [Value] = []
  /// The output that a value's buffer is.
  private(set) var claims: [Value: Int] = [:]
  private var locations: [Value: Location] = [:]
  private var known: [Key: Int] = [:]
  private var constants: [ObjectIdentifier: Int] = [:]
  private var scalars: [TensorType: [UInt64: Int]] = [:]
  /// Keeps the nodes alive by whose identity places are known.
  private var expansions: [Tensor] = []

  init(inputs: [Tensor], outputs: [Tensor]) {
    var places: [ObjectIdentifier: Int] = [:]
    for (index, input) in inputs.enumerated() {
      guard let node = input.node else { fatalError("plan: an input holds numbers") }
      places[ObjectIdentifier(node)] = add(.input(index), [], [input.type])
    }
    insert(outputs, &places)
    claim(outputs.map { value(of: $0, places) })
  }

  /// Adds what tensors depend on.
  private mutating func insert(_ tensors: [Tensor], _ places: inout [ObjectIdentifier: Int]) {
    for node in topologicalOrder(of: tensors) where places[ObjectIdentifier(node)] == nil {
      require(
        !(node.operation is Placeholder),
        "plan: a traced tensor of \(node.types[0]) is used outside of its trace")
      if let result = Self.expansion(of: node) {
        insert([result], &places)
        expansions.append(result)
        places[ObjectIdentifier(node)] = value(of: result, places).vertex
      } else {
        let operands = node.inputs.map { value(of: $0, places) }
        places[ObjectIdentifier(node)] = insert(node.operation, operands)
      }
    }
  }

  /// What is computed in place of an operation, if it is not the operation itself.
  private static func expansion(of node: Node) -> Tensor? {
    switch node.operation {
    case let composite as any CompositeOperation: composite.expanded(node.inputs)
    case let shift as Shift: shift.recomputed(node.inputs[0])
    default: nil
    }
  }

  private mutating func value(of tensor: Tensor, _ places: [ObjectIdentifier: Int]) -> Value {
    switch tensor.source {
    case .value(let storage): Value(vertex: constant(storage, tensor.type))
    case .result(let node, let output):
      Value(vertex: places[ObjectIdentifier(node)] ?? 0, output: output)
    }
  }

  private mutating func constant(_ storage: Storage, _ type: TensorType) -> Int {
    if type.count == 1 {
      let bits = storage[0].bitPattern
      if let place = scalars[type]?[bits] { return place }
      let place = add(.constant(storage), [], [type])
      scalars[type, default: [:]][bits] = place
      return place
    }
    let identity = ObjectIdentifier(storage)
    if let place = constants[identity], vertices[place].types[0] == type { return place }
    let place = add(.constant(storage), [], [type])
    constants[identity] = place
    return place
  }

  private mutating func add(_ kind: Kind, _ inputs: [Value], _ types: [TensorType]) -> Int {
    vertices.append(Vertex(kind: kind, inputs: inputs, types: types))
    let index = vertices.count - 1
    for (output, type) in types.enumerated() {
      let value = Value(vertex: index, output: output)
      locations[value] = Location(base: value, view: StridedView(rowMajor: type.shape))
    }
    return index
  }

  // MARK: - Insertion

  /// Adds an operation, or finds the equal one that is there already.
  private mutating func insert(_ operation: any Operation, _ inputs: [Value]) -> Int {
    let (operation, inputs) = prepared(operation, inputs)
    if let same = simplified(operation, inputs) { return same }
    let key = Key(operation: AnyHashable(operation), inputs: inputs)
    if let place = known[key] { return place }
    let types = operation.outputTypes(of: inputs.map(type))
    let place = add(.operation(operation), inputs, types)
    known[key] = place
    if let view = operation as? any ViewOperation {
      let source = location(of: inputs[0])
      if let strided = view.view(of: source.view) {
        locations[Value(vertex: place)] = Location(base: source.base, view: strided)
      }
    }
    return place
  }

  /// Copies strided inputs where a kernel needs contiguous ones, and absorbs transpositions.
  private mutating func prepared(
    _ operation: any Operation, _ inputs: [Value]
  ) -> (any Operation, [Value]) {
    if operation is any ElementwiseOperation { return (operation, inputs) }
    if let view = operation as? any ViewOperation {
      let isPossible = view.view(of: location(of: inputs[0]).view) != nil
      return (operation, isPossible ? inputs : [contiguous(inputs[0])])
    }
    var (operation, inputs) = (operation, inputs)
    if var product = operation as? MatrixMultiply {
      if let source = exchanged(inputs[0]) {
        (inputs[0], product.transposesA) = (source, !product.transposesA)
      }
      if let source = exchanged(inputs[1]) {
        (inputs[1], product.transposesB) = (source, !product.transposesB)
      }
      operation = product
    }
    if operation.acceptsViews { return (operation, inputs) }
    return (operation, inputs.map { contiguous($0) })
  }

  /// The matrix whose exchange of axes a value is.
  private func exchanged(_ value: Value) -> Value? {
    guard let transpose = vertices[value.vertex].operation as? Transpose,
      transpose.exchangesLastTwo, !location(of: value).view.isContiguous
    else { return nil }
    return vertices[value.vertex].inputs[0]
  }

  private mutating func contiguous(_ value: Value) -> Value {
    location(of: value).view.isContiguous
      ? value : Value(vertex: insert(Contiguous(), [value]))
  }

  /// The value that adding 0 or multiplying by 1 leaves unchanged.
  private func simplified(_ operation: any Operation, _ inputs: [Value]) -> Int? {
    switch operation {
    case is Add where scalarConstant(inputs[1]) == 0: inputs[0].output == 0 ? inputs[0].vertex : nil
    case is Add where scalarConstant(inputs[0]) == 0: inputs[1].output == 0 ? inputs[1].vertex : nil
    case is Multiply where scalarConstant(inputs[1]) == 1:
      inputs[0].output == 0 ? inputs[0].vertex : nil
    case is Multiply where scalarConstant(inputs[0]) == 1:
      inputs[1].output == 0 ? inputs[1].vertex : nil
    default: nil
    }
  }

  /// Gives each output a buffer of its own.
  private mutating func claim(_ values: [Value]) {
    for (index, value) in values.enumerated() {
      let location = location(of: value)
      let vertex = vertices[location.base.vertex]
      let isWhole =
        vertex.operation != nil && location.view.isContiguous && location.view.offset == 0
        && location.view.shape.elementCount == vertex.types[location.base.output].count
      if isWhole, claims[location.base] == nil {
        claims[location.base] = index
        outputs.append(value)
      } else {
        let copy = Value(vertex: insert(Contiguous(tag: index + 1), [value]))
        claims[copy] = index
        outputs.append(copy)
      }
    }
  }

  // MARK: - Queries

  func type(_ value: Value) -> TensorType { vertices[value.vertex].types[value.output] }

  func location(of value: Value) -> Location {
    locations[value] ?? Location(base: value, view: StridedView(rowMajor: type(value).shape))
  }

  /// The number in every element of a value that is one repeated constant.
  func scalarConstant(_ value: Value) -> Double? {
    let location = location(of: value)
    // Beyond the ends of a shifted axis lie zeros.
    guard case .constant(let storage) = vertices[location.base.vertex].kind, storage.count == 1,
      location.view.shifts.isEmpty
    else { return nil }
    return storage[0]
  }

  /// The values that some operation or the caller uses.
  var usedValues: Set<Value> {
    var used = Set(outputs.map { location(of: $0).base })
    for vertex in vertices where !vertex.isView {
      for input in vertex.inputs { used.insert(location(of: input).base) }
    }
    return used
  }
}

/// The nodes on which tensors depend, each after those that it depends on.
func topologicalOrder(of tensors: [Tensor]) -> [Node] {
  var order: [Node] = []
  var visited: Set<ObjectIdentifier> = []
  for tensor in tensors {
    guard let root = tensor.node, !visited.contains(ObjectIdentifier(root)) else { continue }
    var stack: [(node: Node, next: Int)] = [(root, 0)]
    visited.insert(ObjectIdentifier(root))
    while let (node, next) = stack.last {
      guard next < node.inputs.count else {
        order.append(node)
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      if let input = node.inputs[next].node, visited.insert(ObjectIdentifier(input)).inserted {
        stack.append((input, 0))
      }
    }
  }
  return order
}
