import ThalwegKernels

/// Which of the carried tensors an iteration computes.
///
/// A two-step method hands the state before the last one on: after the iteration it is what another
/// carried tensor was before. That is an exchange of buffers, not a copy.
struct LoopRotation {
  /// The carried tensor before the iteration that each one is after it; nil where it is computed.
  private(set) var sources: [Int?]
  /// What is computed, in order.
  let computed: [Tensor]
  /// The carried tensors over which those that are computed may be written, by their places.
  let reusable: [Int: Int]
  /// One number for each carried tensor that is not finite if the tensor is beyond its limit, where
  /// that is watched and looking at the tensor once more would take long.
  let sentinels: [Tensor?]

  init(_ loop: Loop, keepsTape: [Bool]) {
    let body = loop.body
    var places: [GraphRewriter.TensorKey: Int] = [:]
    for (index, tensor) in body.carry.enumerated() { places[.init(tensor)] = index }
    var sources = body.next.indices.map { index in
      keepsTape[index] ? nil : places[.init(body.next[index])]
    }
    // Tensors that only change places must be moved by somebody.
    for index in sources.indices {
      var place = sources[index]
      for _ in sources where place != nil && place != index {
        place = place.flatMap { sources[$0] == $0 ? nil : sources[$0] }
      }
      if place == index, sources[index] != index { sources[index] = nil }
    }
    self.sources = sources
    computed = zip(body.next, sources).filter { $0.1 == nil }.map(\.0)
    let limits = loop.watch?.limits ?? []
    let watched = limits.count
    // What is kept stays where it is; of what is watched the norm is told where it fails.
    reusable = Self.reusable(sources) { $0 < watched || keepsTape[$0] }
    sentinels = body.next.indices.map { index in
      index < watched && sources[index] == nil && body.next[index].count >= Fusion.largeCount
        ? Watch(limit: limits[index]).recorded(on: [body.next[index]]).output(0) : nil
    }
  }

  /// The place of a carried tensor among those that are computed.
  func output(of index: Int) -> Int? {
    sources[index] == nil ? sources[..<index].count { $0 == nil } : nil
  }

  /// For each that is computed the carried tensor whose memory is free after the iteration: it, or
  /// the one that is the last to become what it was.
  private static func reusable(_ sources: [Int?], _ isFixed: (Int) -> Bool) -> [Int: Int] {
    var result: [Int: Int] = [:]
    var output = 0
    for index in sources.indices where sources[index] == nil {
      var (place, next) = (index, sources.indices.filter { sources[$0] == index })
      while next.count == 1 {
        place = next[0]
        next = sources.indices.filter { sources[$0] == place }
      }
      if next.isEmpty, !isFixed(index), !isFixed(place) { result[output] = place }
      output += 1
    }
    return result
  }
}
