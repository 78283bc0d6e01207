/// Elements a few places apart, such as the components of points: picked out of whole vectors, which
/// is faster than one by one.
extension ChainCompiler {
  /// The largest distance for which that is so.
  static let mostInterleaved = 6

  /// Loads all elements between the first and the last, and picks those at the distance.
  func loadInterleaved(
    _ place: VectorPlace, _ stride: Int, _ block: inout VectorBlock
  ) -> VectorBlock.Value {
    var starts = (0..<stride - 1).map { $0 * lanes }
    // The last vector ends with the last element, beyond which nothing may be read.
    starts.append((lanes - 1) * (stride - 1))
    let vectors = starts.map { start in
      var part = place
      (part.form, part.bytes) = (.neighbours, 64)
      part.displacement += start * dtype.size
      return block.load(part)
    }
    var result = vectors[0]
    for index in 1..<stride {
      let order = (0..<lanes).map { lane -> Int in
        let element = lane * stride
        if index == stride - 1, element >= starts[index], element >= index * lanes {
          return lanes + element - starts[index]
        }
        if element / lanes == index, index < stride - 1 { return lanes + element % lanes }
        return element < lanes && index == 1 ? element : lane
      }
      result = block.append(.permuteBoth, pattern(order, &block), result, vectors[index])
    }
    return result
  }

  /// Stores a value to every so many elements, under masks.
  func storeInterleaved(
    _ value: VectorBlock.Value, _ place: VectorPlace, _ stride: Int, _ block: inout VectorBlock
  ) {
    for index in 0..<stride {
      let elements = (index * lanes..<(index + 1) * lanes)
      let order = elements.map { $0 % stride == 0 ? $0 / stride : 0 }
      let kept = elements.enumerated().reduce(UInt16(0)) { mask, element in
        element.1 % stride == 0 ? mask | 1 << UInt16(element.0) : mask
      }
      var part = place
      (part.form, part.bytes, part.lanes) = (.neighbours, 64, .fixed(kept))
      part.displacement += index * lanes * dtype.size
      let spread = block.append(.permute, pattern(order, &block), value, immediate: 0xFFFF)
      block.store(spread, part)
    }
  }

  /// Numbers of lanes as the instructions want them: 32 or 64 bits each.
  private func pattern(_ lanes: [Int], _ block: inout VectorBlock) -> VectorBlock.Value {
    let numbers = lanes.map { Int32($0) }
    return block.pattern(
      dtype == .float64
        ? numbers.flatMap { [$0, 0] } : numbers)
  }
}
