/// The list of the tensors and trees that a ``TensorTree`` stores.
///
///     static let branches = Branches(\Dense.weight, \.bias)
///
/// - Errors: a `let`, a property that is no tree, or a misspelt name does not compile.
public struct Branches<Root: Sendable>: Sendable {
  let collect: @Sendable (Root, inout LeafList, String) -> Void
  let replace: @Sendable (inout Root, inout LeafSource) -> Void

  /// Lists stored `var` properties whose types are trees.
  public init<each Branch: TensorTree>(
    _ paths: repeat any WritableKeyPath<Root, each Branch> & Sendable
  ) {
    let names = Names(repeat each paths)
    collect = { root, leaves, path in
      var index = 0
      for branch in repeat each paths {
        let name = names.list[index]
        root[keyPath: branch].collectLeaves(
          into: &leaves, path: path.isEmpty ? name : "\(path).\(name)")
        index += 1
      }
    }
    replace = { root, source in
      for branch in repeat each paths {
        root[keyPath: branch].replaceLeaves(from: &source)
      }
    }
  }
}

/// The names of the properties that key paths lead to.
private struct Names: Sendable {
  let list: [String]

  init<Root, each Branch>(_ paths: repeat any WritableKeyPath<Root, each Branch> & Sendable) {
    var list: [String] = []
    for path in repeat each paths {
      // "\Dense.weight" in full; the last component is the property.
      list.append(String("\(path)".split(separator: ".").last ?? "value"))
    }
    self.list = list
  }
}
