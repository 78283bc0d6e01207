/// Places buffers in one block of memory so that those needed at the same time do not overlap.
///
/// Largest first, each at the lowest offset that is free during its whole life: the offline
/// strategy that wastes least in practice on the plans of networks.
///
/// - Cost: O(n²) in the number of buffers, once per compilation.
struct Arena {
  /// A buffer and the calls between which it holds a value, both included.
  struct Request {
    var bytes: Int
    var first: Int
    var last: Int
  }

  /// The offset of each request, in the order given.
  private(set) var offsets: [Int]
  /// The size of the block.
  private(set) var bytes = 0

  init(_ requests: [Request]) {
    offsets = [Int](repeating: 0, count: requests.count)
    let order = requests.indices.sorted {
      (requests[$0].bytes, requests[$1].first) > (requests[$1].bytes, requests[$0].first)
    }
    var placed: [(offset: Int, end: Int, index: Int)] = []  // sorted by offset
    for index in order {
      let request = requests[index]
      let size = ProgramImage.aligned(request.bytes)
      var offset = 0
      for other in placed {
        let life = requests[other.index]
        guard life.first <= request.last, request.first <= life.last else { continue }
        if offset + size <= other.offset { break }
        offset = Swift.max(offset, other.end)
      }
      offsets[index] = offset
      bytes = Swift.max(bytes, offset + size)
      let place = placed.firstIndex { $0.offset > offset } ?? placed.endIndex
      placed.insert((offset, offset + size, index), at: place)
    }
  }
}
