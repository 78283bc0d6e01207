/// Divides the vertices of a weighted graph into the side of a source and that of a sink, so that
/// the edges from one to the other weigh as little as possible.
///
/// - Source: E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks with power
///   estimation", Soviet Math. Doklady 11 (1970), 1277-1280.
package struct MinimumCut {
  private struct Edge {
    var target: Int
    var capacity: Double
  }

  package static let source = 0
  package static let sink = 1

  /// Edge 2 k + 1 is the way back of edge 2 k.
  private var edges: [Edge] = []
  private var leaving: [[Int]] = [[], []]
  private var depth: [Int] = []
  private var next: [Int] = []

  /// Creates a graph of source and sink.
  package init() {}

  /// Adds a vertex.
  package mutating func vertex() -> Int {
    leaving.append([])
    return leaving.count - 1
  }

  /// Adds an edge that is cut where `a` is on the side of the source and `b` is not, and one for the
  /// opposite case.
  package mutating func connect(_ a: Int, _ b: Int, _ weight: Double, back: Double = 0) {
    guard a != b, weight > 0 || back > 0 else { return }
    leaving[a].append(edges.count)
    edges.append(Edge(target: b, capacity: weight))
    leaving[b].append(edges.count)
    edges.append(Edge(target: a, capacity: back))
  }

  /// Which vertices are on the side of the source: as few as possible.
  package mutating func sourceSide() -> [Bool] {
    while measure() {
      next = [Int](repeating: 0, count: leaving.count)
      while push() {}
    }
    return depth.map { $0 >= 0 }
  }

  /// Finds the distances from the source along edges that are not full.
  private mutating func measure() -> Bool {
    depth = [Int](repeating: -1, count: leaving.count)
    depth[Self.source] = 0
    var queue = [Self.source]
    var position = 0
    while position < queue.count {
      let vertex = queue[position]
      position += 1
      for edge in leaving[vertex] where edges[edge].capacity > 0 {
        let target = edges[edge].target
        guard depth[target] < 0 else { continue }
        depth[target] = depth[vertex] + 1
        queue.append(target)
      }
    }
    return depth[Self.sink] >= 0
  }

  /// Fills one path to the sink, if there is one.
  private mutating func push() -> Bool {
    var path: [Int] = []
    var vertex = Self.source
    while vertex != Self.sink {
      if let edge = nextEdge(from: vertex) {
        path.append(edge)
        vertex = edges[edge].target
      } else if let edge = path.popLast() {
        vertex = edges[edge ^ 1].target
        next[vertex] += 1
      } else {
        return false
      }
    }
    let flow = path.map { edges[$0].capacity }.min() ?? 0
    for edge in path {
      edges[edge].capacity -= flow
      edges[edge ^ 1].capacity += flow
    }
    return true
  }

  private mutating func nextEdge(from vertex: Int) -> Int? {
    while next[vertex] < leaving[vertex].count {
      let edge = leaving[vertex][next[vertex]]
      if edges[edge].capacity > 0, depth[edges[edge].target] == depth[vertex] + 1 { return edge }
      next[vertex] += 1
    }
    return nil
  }
}
