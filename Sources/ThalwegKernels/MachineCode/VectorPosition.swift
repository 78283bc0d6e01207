/// One vector of a row, and how the values of a chain there are found.
struct VectorPosition {
  /// Which lanes are loaded and stored.
  var lanes = VectorPlace.Lanes.all
  /// Whether the index of the loop is added to the start.
  var isIndexed = true
  var start = 0
}

extension ChainCompiler {
  /// A block for so many whole vectors, one behind the other, that take what they share from each
  /// other, from the round before, and from the row before.
  func vectors(_ count: Int) -> VectorBlock {
    var block = VectorBlock(dtype)
    var starts: [Int] = []
    var carried = shared.map { _ in VectorBlock.Value(-1) }
    for vector in 0..<count {
      if vector > 0 { starts.append(block.instructions.count) }
      append(VectorPosition(start: vector * lanes), sharing: &carried, to: &block)
    }
    for (index, value) in carryNumbers {
      _ = block.append(.carry, carried[index], immediate: value)
    }
    if count > 1 { block.interleave(starts) }
    return block
  }

  /// The shared values that pass from round to round, and their numbers among them.
  private var carryNumbers: [(index: Int, number: Int)] {
    let indices = shared.indices.filter { shared[$0].direction != .row }
    return indices.enumerated().map { ($1, $0) }
  }

  private func append(
    _ position: VectorPosition, sharing carried: inout [VectorBlock.Value],
    to block: inout VectorBlock
  ) {
    var translation = GraphTranslation(graph)
    // In the order of the chain: it may write over what it has read.
    for (index, node) in graph.nodes.enumerated() {
      let value = value(of: index, position, &translation, &carried, &block)
      if let output = node.output { store(value, output, position, &block) }
      watch(index, value, position.lanes, &block)
    }
  }

  /// Lets the watches of a node look at its value.
  func watch(
    _ node: Int, _ value: VectorBlock.Value, _ lanes: VectorPlace.Lanes,
    _ block: inout VectorBlock
  ) {
    for (index, watched) in graph.watched.enumerated() where watched == node {
      block.watch(value, by: index, lanes)
    }
  }

  /// Appends a node and all that it depends on, but for what is shared.
  private func value(
    of node: Int, _ position: VectorPosition, _ translation: inout GraphTranslation,
    _ carried: inout [VectorBlock.Value], _ block: inout VectorBlock
  ) -> VectorBlock.Value {
    if translation.isKnown(node) { return translation.value(of: node, &block) }
    if let index = shared.firstIndex(where: { $0.follower == node }) {
      let value = shared(index, position, &translation, &carried, &block)
      translation.set(node: node, value)
      return value
    }
    for operand in graph.nodes[node].operands {
      switch operand {
      case .constant: break
      case .input(let input) where translation.isMissing(input):
        translation.set(input, load(input, position, &block))
      case .input: break
      case .node(let before):
        _ = value(of: before, position, &translation, &carried, &block)
      }
    }
    return translation.value(of: node, &block)
  }

  private func shared(
    _ index: Int, _ position: VectorPosition, _ translation: inout GraphTranslation,
    _ carried: inout [VectorBlock.Value], _ block: inout VectorBlock
  ) -> VectorBlock.Value {
    let leader = shared[index].leader
    switch shared[index].direction {
    case .elements(let distance):
      let number = carryNumbers.first { $0.index == index }?.number ?? 0
      let before = carried[index] >= 0 ? carried[index] : block.append(.carried, immediate: number)
      let value = value(of: leader, position, &translation, &carried, &block)
      carried[index] = value
      return block.append(.join, value, before, immediate: lanes - distance)
    case .row:
      guard var place = rowBuffers[leader] else { return block.number(0) }
      place.displacement += position.start * dtype.size
      let before = block.load(place)
      block.store(value(of: leader, position, &translation, &carried, &block), place)
      return before
    }
  }

  // MARK: - Without sharing

  /// A block for one vector that shares nothing.
  func vector(_ position: VectorPosition) -> VectorBlock {
    var block = VectorBlock(dtype)
    var translation = GraphTranslation(graph)
    for (index, node) in graph.nodes.enumerated() {
      let value = plainValue(of: index, position, &translation, &block)
      if let output = node.output { store(value, output, position, &block) }
      watch(index, value, position.lanes, &block)
    }
    return block
  }

  /// Appends a node and all that it depends on.
  func plainValue(
    of node: Int, _ position: VectorPosition, _ translation: inout GraphTranslation,
    _ block: inout VectorBlock
  ) -> VectorBlock.Value {
    for operand in graph.nodes[node].operands where !translation.isKnown(node) {
      switch operand {
      case .constant: break
      case .input(let input) where translation.isMissing(input):
        translation.set(input, load(input, position, &block))
      case .input: break
      case .node(let before): _ = plainValue(of: before, position, &translation, &block)
      }
    }
    return translation.value(of: node, &block)
  }

  // MARK: - Memory

  private func load(
    _ view: Int, _ position: VectorPosition, _ block: inout VectorBlock
  ) -> VectorBlock.Value {
    let place = rowPlace(view, position)
    guard case .strided(let stride) = place.form else { return block.load(place) }
    if position.lanes == .all, 2...Self.mostInterleaved ~= stride {
      return loadInterleaved(place, stride, &block)
    }
    return block.load(place, at: steps(of: stride, &block))
  }

  private func store(
    _ value: VectorBlock.Value, _ view: Int, _ position: VectorPosition,
    _ block: inout VectorBlock
  ) {
    let place = rowPlace(view, position)
    guard case .strided(let stride) = place.form else { return block.store(value, place) }
    if position.lanes == .all, 2...Self.mostInterleaved ~= stride {
      return storeInterleaved(value, place, stride, &block)
    }
    block.store(value, place, at: steps(of: stride, &block))
  }

  private func steps(of stride: Int, _ block: inout VectorBlock) -> VectorBlock.Value {
    block.pattern((0..<16).map { Int32(truncatingIfNeeded: $0 * stride) })
  }

  /// Where a view's elements of a vector lie.
  private func rowPlace(_ view: Int, _ position: VectorPosition) -> VectorPlace {
    let form = layout.views[view]
    let stride = form.strides.last ?? 1
    let distance = form.shifts.last.flatMap { $0?.distance } ?? 0
    var place = places(of: view).place((position.start + distance) * stride)
    place.isIndexed = position.isIndexed && stride != 0
    place.lanes = position.lanes
    switch stride {
    case 0: (place.form, place.bytes, place.lanes) = (.element, dtype.size, .all)
    case 1: break
    default: place.form = .strided(stride)
    }
    return place
  }
}
