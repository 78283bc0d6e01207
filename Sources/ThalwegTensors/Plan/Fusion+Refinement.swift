import ThalwegKernels

extension Fusion {
  /// The vertices that a kernel which does not compute them reads, or the caller.
  func readOutside(_ graph: PlanGraph) -> Set<Int> {
    var result: Set<Int> = []
    for kernel in kernels {
      let members = Set(kernel.vertices)
      for input in kernel.vertices.flatMap({ graph.vertices[$0].inputs }) {
        let base = graph.location(of: input).base.vertex
        if !members.contains(base) { result.insert(base) }
      }
    }
    for value in graph.outputs { result.insert(graph.location(of: value).base.vertex) }
    return result
  }

  /// Moves operations of long chains to where their results are read, or computes them there once
  /// more, where that saves a pass over memory.
  mutating func refine(_ graph: PlanGraph) {
    guard kernels.contains(where: { ($0.chain?.count ?? 0) >= Self.largeCount }) else { return }
    var refinement = FusionRefinement(graph, self)
    refinement.run()
    kernels = refinement.kernels
    owner = refinement.owner
  }
}

/// The search for operations that are better computed elsewhere.
private struct FusionRefinement {
  private let graph: PlanGraph
  private(set) var kernels: [Fusion.Kernel]
  private(set) var owner: [Int: Int]
  /// The kernels that compute a vertex.
  private var homes: [Int: Set<Int>] = [:]
  /// The operations that read a vertex, with whether they see it as it is.
  private var readers: [Int: [(vertex: Int, isDirect: Bool)]] = [:]
  private let outputs: Set<Int>

  init(_ graph: PlanGraph, _ fusion: Fusion) {
    self.graph = graph
    kernels = fusion.kernels
    owner = fusion.owner
    outputs = Set(graph.outputs.map { graph.location(of: $0).base.vertex })
    for (index, kernel) in kernels.enumerated() {
      for vertex in kernel.vertices {
        homes[vertex, default: []].insert(index)
        for input in graph.vertices[vertex].inputs {
          let base = graph.location(of: input).base
          let isDirect = graph.isDirect(input, in: graph.type(base).shape)
          readers[base.vertex, default: []].append((vertex, isDirect))
        }
      }
    }
  }

  mutating func run() {
    for vertex in graph.vertices.indices.reversed() where graph.vertices[vertex].isElementwise {
      guard let home = owner[vertex], !outputs.contains(vertex),
        graph.vertices[vertex].types[0].count >= Fusion.largeCount
      else { continue }
      improve(vertex, from: home)
    }
    for index in kernels.indices { kernels[index].vertices.sort() }
    moveResultsBehind()
  }

  /// Long chains whose results are for the caller alone, and that are not the last to read an input of
  /// the plan, come behind all others: then they may be computed over that input.
  private mutating func moveResultsBehind() {
    let last = kernels.indices.filter { isForCaller($0) && sharesInput($0) }
    guard !last.isEmpty else { return }
    let order = kernels.indices.filter { !last.contains($0) } + last
    var places = [Int](repeating: 0, count: order.count)
    for (place, index) in order.enumerated() { places[index] = place }
    kernels = order.map { kernels[$0] }
    owner = owner.mapValues { places[$0] }
  }

  private func isForCaller(_ index: Int) -> Bool {
    let kernel = kernels[index]
    guard let type = kernel.chain, type.count >= Fusion.largeCount else { return false }
    return kernel.vertices.allSatisfy { vertex in
      (readers[vertex] ?? []).allSatisfy { (homes[$0.vertex] ?? []) == [index] }
    }
  }

  /// Whether a later kernel reads an input of the plan that this one reads.
  private func sharesInput(_ index: Int) -> Bool {
    let bases = kernels[index].vertices.flatMap { graph.vertices[$0].inputs }
      .map { graph.location(of: $0).base }
    return bases.contains { base in
      graph.vertices[base.vertex].operation == nil && graph.type(base) == kernels[index].chain
        && (readers[base.vertex] ?? []).contains { reader in
          (homes[reader.vertex] ?? []).contains { $0 > index }
        }
    }
  }

  /// Computes a vertex in the chains that read it, if that is less work.
  private mutating func improve(_ vertex: Int, from home: Int) {
    let targets = outsideReaders(of: vertex)
    guard let targets, !targets.isEmpty else { return }
    var other = self
    for target in targets { other.add(vertex, to: target, from: home) }
    other.prune(vertex, home)
    let touched = targets.union([home])
    let fits = touched.allSatisfy { other.kernels[$0].operands <= Chain.maximumOperands }
    if fits, other.cost(of: touched) + 0.25 < cost(of: touched) { self = other }
  }

  /// The kernels that read a vertex without computing it, or nil where one cannot compute it.
  private func outsideReaders(of vertex: Int) -> Set<Int>? {
    var result: Set<Int> = []
    for reader in readers[vertex] ?? [] {
      for kernel in homes[reader.vertex] ?? []
      where !(homes[vertex]?.contains(kernel) ?? false) {
        guard reader.isDirect, kernels[kernel].chain == graph.vertices[vertex].types[0] else {
          return nil
        }
        result.insert(kernel)
      }
    }
    return result
  }

  /// Adds a vertex to a chain, with what it needs of its own chain and is not in memory.
  private mutating func add(_ vertex: Int, to target: Int, from home: Int) {
    guard !(homes[vertex]?.contains(target) ?? false) else { return }
    let needed = graph.vertices[vertex].inputs.map { graph.location(of: $0).base.vertex }
      .filter { owner[$0] == home && graph.vertices[$0].isElementwise && !isInMemory($0) }
    kernels[target].vertices.append(vertex)
    kernels[target].operands += graph.vertices[vertex].inputs.count + 1
    homes[vertex, default: []].insert(target)
    for base in needed { add(base, to: target, from: home) }
  }

  /// Removes a vertex from the chain it came from if nobody there needs it any more.
  private mutating func prune(_ vertex: Int, _ home: Int) {
    let isNeeded = (readers[vertex] ?? []).contains { reader in
      (homes[reader.vertex] ?? []).contains { kernel in
        kernel == home || !(homes[vertex]?.contains(kernel) ?? false)
      }
    }
    guard !isNeeded, !outputs.contains(vertex), graph.vertices[vertex].isElementwise,
      owner[vertex] == home, let next = homes[vertex]?.subtracting([home]).min()
    else { return }
    kernels[home].vertices.removeAll { $0 == vertex }
    kernels[home].operands -= graph.vertices[vertex].inputs.count + 1
    homes[vertex]?.remove(home)
    owner[vertex] = next
    for input in graph.vertices[vertex].inputs {
      prune(graph.location(of: input).base.vertex, home)
    }
  }

  /// Whether a kernel reads a vertex that it does not compute.
  private func isInMemory(_ vertex: Int) -> Bool {
    outputs.contains(vertex)
      || (readers[vertex] ?? []).contains { reader in
        (homes[reader.vertex] ?? []).contains { !(homes[vertex]?.contains($0) ?? false) }
      }
  }

  // MARK: - Cost

  /// What chains take, in passes over memory.
  private func cost(of chains: Set<Int>) -> Double {
    chains.reduce(0) { $0 + cost(of: kernels[$1], $1) }
  }

  private func cost(of kernel: Fusion.Kernel, _ index: Int) -> Double {
    let members = Set(kernel.vertices)
    var cost = 0.0
    var seen: Set<PlanGraph.Location> = []
    for vertex in kernel.vertices {
      cost += arithmetic(vertex)
      if owner[vertex] == index, graph.vertices[vertex].isElementwise, isInMemory(vertex) {
        cost += 1
      }
      for input in graph.vertices[vertex].inputs {
        let location = graph.location(of: input)
        guard !members.contains(location.base.vertex), seen.insert(location).inserted else {
          continue
        }
        cost += reading(location, kernel.chain)
      }
    }
    return cost
  }

  private func reading(_ location: PlanGraph.Location, _ type: TensorType?) -> Double {
    if location.view.strides.allSatisfy({ $0 == 0 }) { return 0.05 }
    return location.view.strides.contains(0) || location.view.shape != type?.shape ? 0.3 : 1
  }

  private func arithmetic(_ vertex: Int) -> Double {
    guard let operation = graph.vertices[vertex].operation as? any ElementwiseOperation else {
      return 0
    }
    switch operation.code {
    case .exp, .log, .tanh, .sigmoid, .softplus, .sin, .cos, .power: return 1.5
    case .divide, .sqrt, .reciprocal: return 0.4
    default: return 0.1
    }
  }
}
