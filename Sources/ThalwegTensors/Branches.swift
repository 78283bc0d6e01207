/// The list of the tensors and trees that a ``TensorTree`` stores.
///
///     static let branches = Branches(\Dense.weight, \.bias)
///
/// - Errors: a `let`, a property that is no tree, or a misspelt name does not compile.
public struct Branches<Root: Sendable>: Sendable {
  package let collect: @Sendable (Root, inout LeafList, String) -> Void
  let replace: @Sendable (inout Root, inout LeafSource) -> Void

  /// Lists stored `var` properties whose types are trees.
  public init<each Branch: TensorTree>(
    _ paths: repeat any WritableKeyPath<Root, each Branch> & Sendable
  ) {
    collect = { root, leaves, path in
      for branch in repeat each paths {
        root[keyPath: branch].collectLeaves(
          into: &leaves, path: leaves.path(path, Self.name(of: branch)))
      }
    }
    replace = { root, source in
      for branch in repeat each paths {
        root[keyPath: branch].replaceLeaves(from: &source)
      }
    }
  }

  /// The property that a key path leads to: the last component of "\Dense.weight".
  private static func name(of path: AnyKeyPath) -> String {
    String("\(path)".split(separator: ".").last ?? "value")
  }
}
