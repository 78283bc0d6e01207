import ThalwegKernels

/// A trace with all the graphs inside of it, prepared for choosing layouts.
///
/// Vertices are operations, bundles of tensors that share memory, and the two ends of the plan; each
/// runs in one layout. Values are what they exchange.
struct LayoutGraph {
  /// A graph: that of the plan or of an operation's region.
  struct Scope {
    var inputs: [Tensor]
    var outputs: [Tensor]
    /// Operations in order, without placeholders.
    var nodes: [Node] = []
    /// How often it runs.
    var runs: Double
    /// Whether all that can run in blocks does.
    var isUniform: Bool
  }

  /// What a node of a scope has become.
  enum Form {
    /// One vertex.
    case vertex(Int)
    /// A vertex for each bundle, and a scope for each region.
    case regions(bundles: [Int], scopes: [Int])
  }

  struct Vertex {
    /// nil for a vertex that is always in the ordinary layout.
    var rule: (any LayoutRule)?
    /// The values; nil for constants.
    var inputs: [Int?]
    var outputs: [Int]
    var call: LayoutCall
    var runs: Double
    /// The layout of its inputs and outputs where it runs in blocks.
    var axes: ChannelAxes?
    /// Whether it runs in blocks if it can.
    var isUniform = false
  }

  struct Value {
    var type: TensorType
    var runs: Double
    /// The axis of the channels, if it has one.
    var axis: Int?
    var producer: Int
    var consumers: [Int] = []
  }

  private(set) var scopes: [Scope] = []
  private(set) var forms: [[Form]] = []
  var vertices: [Vertex] = []
  var values: [Value] = []
  /// The value behind a tensor of a scope.
  private var places: [[GraphRewriter.TensorKey: Int]] = []
  /// The vertex at both ends of the plan.
  let ends: Int

  init(inputs: [Tensor], outputs: [Tensor]) {
    vertices.append(
      Vertex(
        inputs: [], outputs: [], call: LayoutCall(inputs: [], outputs: []), runs: 1, axes: nil))
    ends = 0
    let scope = add(Region(inputs: inputs, outputs: outputs, runs: 1), runs: 1)
    for input in inputs { add(input, of: ends, in: scope) }
    fill(scope)
    vertices[ends].inputs = results(of: scope)
    connect(ends)
    for index in values.indices where values[index].producer == ends {
      vertices[ends].outputs.append(index)
    }
  }

  func axis(of tensor: Tensor, in scope: Int) -> Int? {
    places[scope][.init(tensor)].flatMap { values[$0].axis }
  }

  // MARK: - Construction

  private mutating func add(_ region: Region, runs: Double, isUniform: Bool = false) -> Int {
    // Equal nodes become one, so that they get one layout.
    var (simplifying, merging) = (GraphRewriter(by: Simplification.rule), GraphRewriter())
    let outputs = merging.rewrite(simplifying.rewrite(region.outputs))
    scopes.append(
      Scope(
        inputs: region.inputs, outputs: outputs, runs: runs,
        isUniform: isUniform || region.isUniform))
    forms.append([])
    places.append([:])
    return scopes.count - 1
  }

  @discardableResult
  private mutating func add(_ tensor: Tensor, of vertex: Int, in scope: Int) -> Int {
    values.append(Value(type: tensor.type, runs: scopes[scope].runs, producer: vertex))
    places[scope][.init(tensor)] = values.count - 1
    return values.count - 1
  }

  /// Adds the operations of a scope, whose placeholders have values already.
  private mutating func fill(_ scope: Int) {
    for node in topologicalOrder(of: scopes[scope].outputs)
    where !(node.operation is Placeholder) {
      scopes[scope].nodes.append(node)
      let form: Form
      if let operation = node.operation as? any RegionOperation {
        form = addRegions(operation, node, scope)
      } else {
        form = .vertex(addOperation(node, scope))
      }
      forms[scope].append(form)
    }
  }

  private mutating func addOperation(_ node: Node, _ scope: Int) -> Int {
    let call = LayoutCall(inputs: node.inputs.map(\.type), outputs: node.types)
    let isFlexible = (call.inputs + call.outputs).allSatisfy { $0.count > 0 }
    vertices.append(
      Vertex(
        rule: isFlexible ? layoutRule(of: node.operation) : nil,
        inputs: node.inputs.map { places[scope][.init($0)] }, outputs: [], call: call,
        runs: scopes[scope].runs, axes: nil, isUniform: scopes[scope].isUniform))
    let vertex = vertices.count - 1
    for output in node.outputs {
      vertices[vertex].outputs.append(add(output, of: vertex, in: scope))
    }
    connect(vertex)
    return vertex
  }

  private mutating func addRegions(
    _ operation: any RegionOperation, _ node: Node, _ scope: Int
  ) -> Form {
    let bundles = operation.bundles(inputCount: node.inputs.count)
    let regions = operation.regions
    let inner = regions.map {
      add(
        $0, runs: scopes[scope].runs * Double(Swift.max($0.runs, 1)),
        isUniform: scopes[scope].isUniform)
    }
    let first = vertices.count
    for bundle in bundles {
      let vertex = vertices.count
      let tensors =
        bundle.arguments.map { regions[$0.region].inputs[$0.index] }
        + bundle.results.map { regions[$0.region].outputs[$0.index] }
      vertices.append(
        Vertex(
          rule: tensors.contains { $0.count == 0 } ? nil : BundleLayout(rank: tensors[0].rank),
          inputs: bundle.inputs.map { places[scope][.init(node.inputs[$0])] }, outputs: [],
          call: LayoutCall(inputs: [], outputs: []), runs: scopes[scope].runs, axes: nil))
      for output in bundle.outputs {
        vertices[vertex].outputs.append(add(node.output(output), of: vertex, in: scope))
      }
      for place in bundle.arguments {
        let argument = regions[place.region].inputs[place.index]
        vertices[vertex].outputs.append(add(argument, of: vertex, in: inner[place.region]))
      }
    }
    for scope in inner { fill(scope) }
    for (vertex, bundle) in zip(first..., bundles) {
      for place in bundle.results {
        let scope = inner[place.region]
        vertices[vertex].inputs.append(places[scope][.init(scopes[scope].outputs[place.index])])
      }
      finish(vertex, bundle, node, inner)
    }
    return .regions(bundles: Array(first..<first + bundles.count), scopes: inner)
  }
}

extension LayoutGraph {
  fileprivate func results(of scope: Int) -> [Int?] {
    scopes[scope].outputs.map { places[scope][.init($0)] }
  }

  fileprivate mutating func connect(_ vertex: Int) {
    for value in vertices[vertex].inputs.compactMap({ $0 }) {
      values[value].consumers.append(vertex)
    }
  }

  /// Completes the vertex of a bundle once the values inside are there.
  fileprivate mutating func finish(
    _ vertex: Int, _ bundle: RegionBundle, _ node: Node, _ inner: [Int]
  ) {
    let results = bundle.results.map { scopes[inner[$0.region]].outputs[$0.index].type }
    let arguments = bundle.arguments.map { scopes[inner[$0.region]].inputs[$0.index].type }
    vertices[vertex].call = LayoutCall(
      inputs: bundle.inputs.map { node.inputs[$0].type } + results,
      outputs: bundle.outputs.map { node.types[$0] } + arguments)
    connect(vertex)
  }
}
