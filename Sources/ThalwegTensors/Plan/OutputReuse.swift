import ThalwegKernels

/// Which outputs of a plan can be computed over an input that nobody needs any more.
struct OutputReuse {
  /// Those outputs.
  private(set) var outputs: Set<Int> = []
  /// The inputs that are overwritten, by the kernel that does it.
  private(set) var inputs: [Int: [Int]] = [:]

  /// Looks at the outputs that are to be computed over an input each.
  init(_ graph: PlanGraph, _ fusion: Fusion, _ pairs: [Int: Int]) {
    guard !pairs.isEmpty else { return }
    var vertices: [Int: Int] = [:]
    for (index, vertex) in graph.vertices.enumerated() {
      if case .input(let place) = vertex.kind { vertices[place] = index }
    }
    for (output, input) in pairs {
      let base = graph.location(of: graph.outputs[output]).base
      guard let source = vertices[input], let kernel = fusion.owner[base.vertex],
        Self.isPossible(base.vertex, over: source, kernel, graph, fusion)
      else { continue }
      outputs.insert(output)
      inputs[kernel, default: []].append(input)
    }
  }

  /// Whether the chain that computes a vertex is the last to read the source, and reads each element
  /// no later than it writes the same one.
  private static func isPossible(
    _ vertex: Int, over source: Int, _ kernel: Int, _ graph: PlanGraph, _ fusion: Fusion
  ) -> Bool {
    let type = graph.vertices[source].types[0]
    // Short chains are joined, so that one may read what another has written.
    guard fusion.kernels[kernel].chain == type, graph.vertices[vertex].isElementwise,
      type.count >= Fusion.largeCount
    else { return false }
    var isRead = false
    for (index, other) in fusion.kernels.enumerated() where index >= kernel {
      for member in other.vertices {
        let reads = graph.vertices[member].inputs.filter {
          graph.location(of: $0).base.vertex == source
        }
        guard !reads.isEmpty else { continue }
        let isSafe =
          index == kernel && member <= vertex
          && reads.allSatisfy { graph.isDirect($0, in: type.shape) }
        if !isSafe { return false }
        isRead = true
      }
    }
    // What the chain does not read, nobody would know to be written by it.
    return isRead && !graph.outputs.contains { graph.location(of: $0).base.vertex == source }
  }
}
