/// A value of a chain that is another one, computed some elements or a row earlier.
///
/// The flow over the left edge of a cell is that over the right edge of its neighbour: with
/// φ(u[i+1] - u[i]) - φ(u[i] - u[i-1]), every φ need be computed only once.
struct SharedValue: Hashable {
  enum Direction: Hashable {
    /// So many elements earlier along the innermost axis.
    case elements(Int)
    /// At the index before along the axis around it.
    case row
  }

  /// The node that is not computed.
  var follower: Int
  /// The node that it repeats.
  var leader: Int
  var direction: Direction
}

/// Finds nodes that compute the same from inputs shifted against each other.
struct SharedValues {
  private struct Key: Hashable {
    var operation: UInt32
    var operands: [Part]
  }

  /// An operand, and where it is read relative to the first that is read anywhere.
  private struct Part: Hashable {
    var form: Int
    var row: Int
    var element: Int
  }

  /// What a value is, but for where its inputs are read; and where.
  private struct Form {
    var number: Int
    var row = 0
    var element = 0
    /// Constants are the same everywhere.
    var isFixed = false
  }

  private let graph: ChainGraph
  private let layout: ChainLayout
  private var forms: [Form] = []
  private var numbers: [AnyHashable: Int] = [:]
  private(set) var list: [SharedValue] = []

  /// Less work than this, an addition being 1, is not worth sharing.
  private static let leastWork = 6
  private static let mostElements = 4

  init(_ graph: ChainGraph, _ layout: ChainLayout, inputs: Int) {
    self.graph = graph
    self.layout = layout
    guard layout.views.prefix(inputs).contains(where: \.isShifted) else { return }
    for node in graph.nodes { forms.append(form(of: node)) }
    find()
  }

  private mutating func number(_ key: AnyHashable) -> Int {
    let number = numbers[key] ?? numbers.count
    numbers[key] = number
    return number
  }

  private mutating func form(of node: ChainGraph.Node) -> Form {
    let operands = node.operands.map { form(of: $0) }
    guard let base = operands.first(where: { !$0.isFixed }) else {
      let parts = operands.map { Part(form: $0.number, row: 0, element: 0) }
      let key = Key(operation: node.operation.rawValue, operands: parts)
      return Form(number: number(AnyHashable(key)), isFixed: true)
    }
    let parts = operands.map { operand in
      operand.isFixed
        ? Part(form: operand.number, row: 0, element: 0)
        : Part(
          form: operand.number, row: operand.row - base.row, element: operand.element - base.element
        )
    }
    let key = Key(operation: node.operation.rawValue, operands: parts)
    return Form(number: number(AnyHashable(key)), row: base.row, element: base.element)
  }

  private mutating func form(of operand: ChainGraph.Operand) -> Form {
    switch operand {
    case .node(let node): return forms[node]
    case .constant(let place):
      return Form(number: number(AnyHashable(graph.constants[place].bitPattern)), isFixed: true)
    case .input(let input): return form(ofInput: input)
    }
  }

  private mutating func form(ofInput input: Int) -> Form {
    let view = layout.views[input]
    if view.strides.allSatisfy({ $0 == 0 }), !view.isShifted {
      return Form(
        number: number(AnyHashable([-1, Int(view.slot.index), view.offset])), isFixed: true)
    }
    var place = Form(number: 0)
    var key = [Int(view.slot.index), view.offset] + view.strides
    for axis in layout.dimensions.indices {
      guard let shift = view.shift(axis) else { continue }
      // Only neighbours of the same elements with the same boundary can be told to be such.
      let isPlain =
        shift.extent == layout.dimensions[axis] && shift.boundary == boundary(axis, view)
      if isPlain, axis == layout.dimensions.count - 1 {
        place.element = shift.distance
      } else if isPlain, axis == layout.dimensions.count - 2 {
        place.row = shift.distance
      } else {
        key += [axis, shift.distance, shift.extent, Int(shift.boundary.rawValue)]
      }
    }
    place.number = number(AnyHashable(key))
    return place
  }

  /// The boundary of the first view of the same buffer that is shifted along an axis.
  private func boundary(_ axis: Int, _ view: ChainLayout.View) -> ShiftBoundary? {
    layout.views.first { $0.slot == view.slot && $0.shift(axis) != nil }?.shift(axis)?.boundary
  }

  // MARK: - Search

  /// Looks at what is needed from the last node on, so that of a shared value nothing else is shared.
  private mutating func find() {
    var known: [Int: [Int]] = [:]
    for (index, form) in forms.enumerated() where !form.isFixed {
      known[form.number, default: []].append(index)
    }
    var isNeeded = graph.nodes.map { $0.output != nil }
    for index in graph.nodes.indices.reversed() where isNeeded[index] {
      let candidates = known[forms[index].number] ?? []
      if graph.nodes[index].output == nil, work(of: index) >= Self.leastWork,
        let shared = candidates.compactMap({ share(index, $0) }).first
      {
        list.append(shared)
        isNeeded[shared.leader] = true
      } else {
        for case .node(let before) in graph.nodes[index].operands { isNeeded[before] = true }
      }
    }
    // A leader must not itself be taken from elsewhere.
    let followers = Set(list.map(\.follower))
    list.removeAll { followers.contains($0.leader) }
  }

  private func share(_ follower: Int, _ leader: Int) -> SharedValue? {
    let (f, l) = (forms[follower], forms[leader])
    if f.row == l.row, 1...Self.mostElements ~= l.element - f.element {
      return SharedValue(
        follower: follower, leader: leader, direction: .elements(l.element - f.element))
    }
    guard f.element == l.element, l.row - f.row == 1 else { return nil }
    return SharedValue(follower: follower, leader: leader, direction: .row)
  }

  /// What computing a node takes, an addition being 1.
  private func work(of node: Int) -> Int {
    var seen: Set<Int> = []
    func total(_ node: Int) -> Int {
      guard seen.insert(node).inserted else { return 0 }
      var work = graph.nodes[node].operation.work
      for case .node(let before) in graph.nodes[node].operands { work += total(before) }
      return work
    }
    return total(node)
  }
}

extension ChainOperation {
  /// What the operation takes of the processor's time, an addition being 1.
  var work: Int {
    switch self {
    case .divide, .reciprocal, .sqrt: 6
    case .exp, .log, .tanh, .sigmoid, .softplus: 20
    default: 1
    }
  }
}
