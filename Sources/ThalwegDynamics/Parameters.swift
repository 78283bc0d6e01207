package import ThalwegTensors

/// Parameters of several types, in order, behind one type.
///
/// The closures that use them were type-checked when they were written; this only carries them.
package struct Parameters: TensorTree {
  package private(set) var trees: [any TensorTree]
  /// Tells closures over equal parameters apart.
  private let token = StructureToken()

  package init<each Parameter: TensorTree>(_ parameters: repeat each Parameter) {
    var trees: [any TensorTree] = []
    for parameter in repeat each parameters { trees.append(parameter) }
    self.trees = trees
  }

  package static var branches: Branches<Parameters> { Branches() }

  package func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.identify(by: token)
    for (index, tree) in trees.enumerated() {
      tree.collectLeaves(into: &leaves, path: leaves.path(path, "\(index)"))
    }
  }

  package mutating func replaceLeaves(from source: inout LeafSource) {
    for index in trees.indices { trees[index].replaceLeaves(from: &source) }
  }

  /// The parameters with their types.
  package func typed<each Parameter: TensorTree>(
    as types: repeat (each Parameter).Type
  ) -> (repeat each Parameter) {
    var rest = trees[...]
    return (repeat Self.next(&rest, as: each types))
  }

  private static func next<Parameter: TensorTree>(
    _ trees: inout ArraySlice<any TensorTree>, as type: Parameter.Type
  ) -> Parameter {
    let tree = trees.popFirst()
    guard let parameter = tree as? Parameter else {
      let found = tree.map { "\(Swift.type(of: $0))" } ?? "nothing"
      fatalError("parameters: asked for \(type) where there is \(found)")
    }
    return parameter
  }
}
