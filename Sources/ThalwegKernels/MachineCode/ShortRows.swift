/// Rows shorter than a vector, so many of them that they fill whole vectors.
struct ShortRows {
  let count: Int
  let block: VectorBlock

  /// Nil where rows are long enough, where there are too few, where views are shifted, or where
  /// the elements of a vector lie too far apart.
  init?(_ compiler: ChainCompiler) {
    let (rank, lanes) = (compiler.rank, compiler.lanes)
    let length = compiler.layout.dimensions[rank - 1]
    let isShifted = compiler.layout.views.contains {
      $0.shift(rank - 1) != nil || $0.shift(rank - 2) != nil
    }
    guard length < lanes, !isShifted else { return nil }
    var count = 1
    while count * length % lanes != 0 { count *= 2 }
    let vectors = count * length / lanes
    guard count <= compiler.layout.dimensions[rank - 2],
      vectors * compiler.graph.nodes.count <= 64
    else { return nil }
    let block = compiler.block(ofRows: vectors, length)
    guard !block.places.contains(where: { $0.form == .listed }) else { return nil }
    self.count = count
    self.block = block
  }
}

extension ChainCompiler {
  /// A block for so many whole vectors of rows that follow one another.
  fileprivate func block(ofRows vectors: Int, _ length: Int) -> VectorBlock {
    var block = VectorBlock(dtype)
    for vector in 0..<vectors {
      var translation = GraphTranslation(graph)
      let elements = vector * lanes..<(vector + 1) * lanes
      for (index, node) in graph.nodes.enumerated() {
        for case .input(let input) in node.operands where translation.isMissing(input) {
          let sources = places(of: elements, in: input, length)
          translation.set(input, places(of: input).load(sources, &block))
        }
        let value = translation.value(of: index, &block)
        watch(index, value, .all, &block)
        guard let output = node.output else { continue }
        places(of: output).store(value, to: places(of: elements, in: output, length), &block)
      }
    }
    return block
  }

  private func places(of elements: Range<Int>, in view: Int, _ length: Int) -> [Int] {
    let strides = layout.views[view].strides
    return elements.map { element in
      element / length * strides[rank - 2] + element % length * strides[rank - 1]
    }
  }
}
