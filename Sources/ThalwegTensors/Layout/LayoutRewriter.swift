import ThalwegKernels

/// Rebuilds a trace so that chosen vertices run on arrays in blocks of channels.
struct LayoutRewriter {
  let graph: LayoutGraph
  let isBlocked: [Bool]

  /// The outputs of a scope in the layouts that are asked for, with arguments for its placeholders.
  func outputs(
    of scope: Int, replacing arguments: [(Tensor, PlacedTensor)],
    as wanted: [(axis: Int?, demand: Padding)]
  ) -> [PlacedTensor] {
    var tensors = LayoutedTensors()
    for (old, new) in arguments { tensors.set(old, to: new) }
    for (node, form) in zip(graph.scopes[scope].nodes, graph.forms[scope]) {
      switch form {
      case .vertex(let vertex): rewrite(node, vertex, &tensors)
      case .regions(let bundles, let scopes): rewrite(node, bundles, scopes, &tensors)
      }
    }
    return zip(graph.scopes[scope].outputs, wanted).map { tensor, wanted in
      tensors.get(tensor, along: wanted.axis, demand: wanted.demand)
    }
  }

  private func rewrite(_ node: Node, _ index: Int, _ tensors: inout LayoutedTensors) {
    let vertex = graph.vertices[index]
    guard isBlocked[index], let rule = vertex.rule, let axes = vertex.axes else {
      rewriteOrdinary(node, &tensors)
      return
    }
    let demand = rule.demand(axes)
    let inputs = zip(node.inputs, axes.inputs).map {
      tensors.get($0, along: $1, demand: demand)
    }
    for (old, new) in zip(node.outputs, rule.blocked(inputs, vertex.call, axes)) {
      tensors.set(old, to: new)
    }
  }

  private func rewriteOrdinary(_ node: Node, _ tensors: inout LayoutedTensors) {
    let inputs = node.inputs.map { tensors.get($0).tensor }
    let copy = Node(node.operation, inputs, node.types)
    for (old, new) in zip(node.outputs, copy.outputs) { tensors.set(old, to: PlacedTensor(new)) }
  }

  /// Whether nothing inside of an operation runs in blocks.
  private func isOrdinary(_ bundles: [Int], _ scopes: [Int]) -> Bool {
    !bundles.contains { isBlocked[$0] }
      && scopes.allSatisfy { scope in
        graph.forms[scope].allSatisfy { form in
          switch form {
          case .vertex(let vertex): !isBlocked[vertex]
          case .regions(let bundles, let scopes): isOrdinary(bundles, scopes)
          }
        }
      }
  }

  private func rewrite(
    _ node: Node, _ vertices: [Int], _ scopes: [Int], _ tensors: inout LayoutedTensors
  ) {
    guard !isOrdinary(vertices, scopes), let operation = node.operation as? any RegionOperation
    else {
      rewriteOrdinary(node, &tensors)
      return
    }
    let bundles = operation.bundles(inputCount: node.inputs.count)
    let channels = vertices.map(channel)
    var region = RegionRewriting(node, scopes.map { graph.scopes[$0] })
    for (bundle, channel) in zip(bundles, channels) { region.begin(bundle, channel, &tensors) }
    for (index, scope) in scopes.enumerated() {
      region.outputs[index] = outputs(
        of: scope, replacing: region.arguments[index],
        as: region.wanted(index, bundles, channels))
    }
    let regions = region.replaced(operation.regions)
    let copy = operation.replacing(regions, channels: channels)
      .recorded(on: region.allInputs(&tensors))
    for (bundle, channel) in zip(bundles, channels) {
      region.finish(bundle, channel, copy, &tensors)
    }
  }

  /// The axis along which a bundle is in blocks inside of its operation.
  private func channel(of index: Int) -> Int? {
    let vertex = graph.vertices[index]
    guard isBlocked[index], let axes = vertex.axes, let rule = vertex.rule as? BundleLayout else {
      return nil
    }
    return rule.channel(vertex.call, axes)
  }
}

extension LayoutRewriter {
  /// Outputs of a plan computed in the layouts that suit them; inputs and outputs keep theirs.
  static func rewritten(_ outputs: [Tensor], inputs: [Tensor], _ layout: PlanLayout) -> [Tensor] {
    guard layout != .plain, hasConvolution(outputs) else { return outputs }
    var graph = LayoutGraph(inputs: inputs, outputs: outputs)
    graph.findChannels()
    let isBlocked = graph.chooseLayouts(layout)
    guard isBlocked.contains(true) else { return outputs }
    let rewriter = LayoutRewriter(graph: graph, isBlocked: isBlocked)
    return rewriter.outputs(of: 0, replacing: [], as: outputs.map { _ in (nil, .unknown) })
      .map(\.tensor)
  }

  /// Whether there is a convolution that could work in blocks.
  private static func hasConvolution(_ outputs: [Tensor]) -> Bool {
    topologicalOrder(of: outputs).contains { node in
      if let convolution = node.operation as? Convolution { return convolution.form.isBlockable }
      guard let operation = node.operation as? any RegionOperation else { return false }
      return operation.regions.contains { hasConvolution($0.outputs) }
    }
  }
}
