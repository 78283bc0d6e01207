import ThalwegKernels

/// The order in which a graph is computed, with element-wise operations gathered into chains.
///
/// An operation joins a chain if each of its inputs is in that chain or was computed before it.
/// Chains that share nothing are joined too where one follows right after the other, so that what
/// reads both can join them, and where they are so short that a call costs more.
struct Fusion {
  /// One call, or one chain of element-wise operations over a common shape.
  struct Kernel {
    var vertices: [Int]
    /// The common type; nil for an operation with a kernel of its own.
    var chain: TensorType?
    /// Operands so far, an upper bound.
    var operands = 0
  }

  var kernels: [Kernel] = []
  /// The kernel that computes a vertex, the first one where there are several.
  var owner: [Int: Int] = [:]

  /// Below this many elements a call costs more than its arithmetic.
  private static let smallCount = 2048
  /// From this many elements on a pass over them costs more than a call.
  static let largeCount = 4096

  init(_ graph: PlanGraph) {
    for index in graph.vertices.indices {
      let vertex = graph.vertices[index]
      guard vertex.operation != nil, !vertex.isView else { continue }
      if vertex.isElementwise {
        place(index, graph)
      } else if !placeWatch(index, graph) {
        kernels.append(Kernel(vertices: [index]))
        owner[index] = kernels.count - 1
      }
    }
    refine(graph)
  }

  /// Lets a watch join the chain that computes what it looks at.
  private mutating func placeWatch(_ index: Int, _ graph: PlanGraph) -> Bool {
    let vertex = graph.vertices[index]
    guard vertex.operation is Watch else { return false }
    let base = graph.location(of: vertex.inputs[0]).base
    guard graph.isDirect(vertex.inputs[0], in: graph.type(base).shape),
      let kernel = owner[base.vertex], kernels[kernel].chain == graph.type(base)
    else { return false }
    kernels[kernel].vertices.append(index)
    owner[index] = kernel
    return true
  }

  private mutating func place(_ index: Int, _ graph: PlanGraph) {
    let vertex = graph.vertices[index]
    // The last kernel that must have run, and whether this operation can be part of it.
    var last = -1
    var isDirect = true
    for input in vertex.inputs {
      let location = graph.location(of: input)
      guard let kernel = owner[location.base.vertex], kernel >= last else { continue }
      let direct = graph.isDirect(input, in: vertex.types[0].shape)
      isDirect = kernel == last ? isDirect && direct : direct
      last = kernel
    }
    let first = last < 0 ? 0 : (isDirect ? last : last + 1)
    let cost = vertex.inputs.count + 1
    for candidate in first..<Swift.max(first, kernels.count) {
      let kernel = kernels[candidate]
      let isNear = candidate == last || candidate == kernels.count - 1
      guard kernel.chain == vertex.types[0],
        kernel.operands + cost <= Chain.maximumOperands,
        isNear || vertex.types[0].count <= Self.smallCount
      else { continue }
      kernels[candidate].vertices.append(index)
      kernels[candidate].operands += cost
      owner[index] = candidate
      return
    }
    kernels.append(Kernel(vertices: [index], chain: vertex.types[0], operands: cost))
    owner[index] = kernels.count - 1
  }
}

extension PlanGraph {
  /// Whether a value is the unchanged output of a vertex of the given shape.
  func isDirect(_ value: Value, in shape: Shape) -> Bool {
    let location = location(of: value)
    return location.view == StridedView(rowMajor: shape)
      && type(location.base).shape == shape
  }
}
