import ThalwegKernels

extension LayoutGraph {
  /// Finds the channels of all values that are connected with images of convolutions.
  mutating func findChannels() {
    var waiting = vertices.indices.filter { vertices[$0].rule is Convolution }
    while let vertex = waiting.popLast() {
      guard let axes = axes(of: vertex) else { continue }
      let ports = vertices[vertex].inputs + vertices[vertex].outputs
      for (value, axis) in zip(ports, axes.inputs + axes.outputs) {
        guard let value, let axis, values[value].axis == nil,
          values[value].type.shape.rank < Shape.maximumRank
        else { continue }
        values[value].axis = axis
        waiting.append(values[value].producer)
        waiting += values[value].consumers
      }
    }
    for vertex in vertices.indices {
      guard let axes = axes(of: vertex), !axes.isEmpty, fits(axes, vertex) else { continue }
      vertices[vertex].axes = axes
    }
  }

  private func axes(of vertex: Int) -> ChannelAxes? {
    let known = ChannelAxes(
      inputs: vertices[vertex].inputs.map { $0.flatMap { values[$0].axis } },
      outputs: vertices[vertex].outputs.map { values[$0].axis })
    return vertices[vertex].rule?.axes(vertices[vertex].call, known: known)
  }

  /// Whether the values of a vertex have the channels that it wants.
  private func fits(_ axes: ChannelAxes, _ vertex: Int) -> Bool {
    zip(vertices[vertex].inputs + vertices[vertex].outputs, axes.inputs + axes.outputs).allSatisfy {
      value, axis in
      guard let value, let axis else { return true }
      return values[value].axis == axis
    }
  }

  /// Which vertices run in blocks, so that the plan takes the least time.
  ///
  /// What each vertex takes in either layout and what conversions take between vertices of different
  /// layouts are the weights of a graph, and the best choice is its least cut. What must not depend on
  /// the graph runs in blocks.
  func chooseLayouts(_ layout: PlanLayout) -> [Bool] {
    var cut = MinimumCut()
    let places = vertices.map { vertex in
      vertex.axes == nil ? MinimumCut.sink : cut.vertex()
    }
    for (vertex, place) in zip(vertices, places) {
      guard let rule = vertex.rule, let axes = vertex.axes else { continue }
      var cost = rule.cost(vertex.call, axes)
      if layout == .blocked && rule is Convolution || vertex.isUniform {
        cost.ordinary = Self.forbidden
      }
      let common = Swift.min(cost.ordinary, cost.blocked)
      cut.connect(MinimumCut.source, place, (cost.ordinary - common) * vertex.runs)
      cut.connect(place, MinimumCut.sink, (cost.blocked - common) * vertex.runs)
    }
    for index in values.indices { connect(index, places, &cut) }
    let side = cut.sourceSide()
    return places.map { $0 != MinimumCut.sink && side[$0] }
  }

  private static let forbidden = 1e15

  /// Adds what the conversions of a value cost.
  private func connect(_ index: Int, _ places: [Int], _ cut: inout MinimumCut) {
    let value = values[index]
    guard let axis = value.axis else { return }
    let blocks = ChannelBlocks(value.type, axis: axis)
    let weight = LayoutCost.conversion(blocks, value.type.dtype) * value.runs
    guard weight > 0 else { return }
    let producer = vertices[value.producer]
    let output = producer.outputs.firstIndex(of: index).flatMap { producer.axes?.outputs[$0] }
    let origin = output == nil ? MinimumCut.sink : places[value.producer]
    var readers: Set<Int> = []
    for consumer in Set(value.consumers) {
      for (input, place) in vertices[consumer].inputs.enumerated() where place == index {
        let isBlocked = vertices[consumer].axes?.inputs[input] != nil
        readers.insert(isBlocked ? places[consumer] : MinimumCut.sink)
      }
    }
    guard readers.count > 1 else {
      if let reader = readers.first { cut.connect(origin, reader, weight, back: weight) }
      return
    }
    // One conversion serves all readers of the other layout.
    let (toOrdinary, toBlocked) = (cut.vertex(), cut.vertex())
    cut.connect(origin, toOrdinary, weight)
    cut.connect(toBlocked, origin, weight)
    for reader in readers {
      cut.connect(toOrdinary, reader, Self.forbidden)
      cut.connect(reader, toBlocked, Self.forbidden)
    }
  }
}
