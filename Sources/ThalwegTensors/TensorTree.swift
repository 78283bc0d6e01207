import ThalwegKernels

/// A value made of tensors: parameters, states, gradients and batches are all trees.
///
/// A struct lists its tensors, or smaller trees, in one line:
///
///     struct Oscillator: TensorTree {
///       var stiffness: Tensor
///       var damping: Tensor
///       let name: String
///       static let branches = Branches(\Oscillator.stiffness, \.damping)
///     }
///
/// What is not listed, or declared with `let`, is constant: freezing a layer is writing `let`. The
/// gradient of a function of a tree is a tree of the same type. A generic struct writes
/// `static var branches: Branches<Self> { Branches(\.dynamics) }`.
public protocol TensorTree: Sendable {
  /// The stored tensors and trees, in order.
  static var branches: Branches<Self> { get }

  /// Appends the tensors of the tree in order, each with its path.
  func collectLeaves(into leaves: inout LeafList, path: String)
  /// Replaces the tensors of the tree in the same order.
  mutating func replaceLeaves(from source: inout LeafSource)
}

/// The tensors of a tree with the paths that lead to them.
public struct LeafList: Sendable {
  /// The tensors in order.
  public private(set) var tensors: [Tensor] = []
  /// Where each one stands, as `block.weight`.
  public private(set) var paths: [String] = []
  /// What beside the tensors tells the tree from others of its type.
  package private(set) var structure = TreeStructure()
  /// Whether paths are wanted; spelling them out is slow.
  let recordsPaths: Bool

  init(recordingPaths recordsPaths: Bool) { self.recordsPaths = recordsPaths }

  /// Appends a tensor.
  public mutating func append(_ tensor: Tensor, path: String) {
    tensors.append(tensor)
    if recordsPaths { paths.append(path.isEmpty ? "value" : path) }
  }

  /// Records the identity of what stands beside the tensors.
  public mutating func identify(by token: StructureToken) { structure.tokens.append(token) }

  /// Records the length of an array or another tree whose number of branches varies.
  public mutating func identify(byLength length: Int) { structure.lengths.append(length) }

  /// The path of a branch below another; empty where paths are not wanted.
  public func path(_ parent: String, _ name: @autoclosure () -> String) -> String {
    guard recordsPaths else { return "" }
    return parent.isEmpty ? name() : "\(parent).\(name())"
  }
}

/// Hands out the tensors of which a tree is rebuilt.
public struct LeafSource: Sendable {
  private let tensors: [Tensor]
  private var position = 0

  init(_ tensors: [Tensor]) { self.tensors = tensors }

  /// The next tensor.
  public mutating func next() -> Tensor {
    require(position < tensors.count, "tree: fewer than \(position + 1) leaves given")
    defer { position += 1 }
    return tensors[position]
  }

  var isExhausted: Bool { position == tensors.count }
}

extension TensorTree {
  public func collectLeaves(into leaves: inout LeafList, path: String) {
    Self.branches.collect(self, &leaves, path)
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    Self.branches.replace(&self, &source)
  }

  /// The tensors of the tree, in order.
  public var leaves: [Tensor] {
    var list = LeafList(recordingPaths: false)
    collectLeaves(into: &list, path: "")
    return list.tensors
  }

  /// The tensors of the tree with their paths.
  public var leafList: LeafList {
    var list = LeafList(recordingPaths: true)
    collectLeaves(into: &list, path: "")
    return list
  }

  /// A tree of the same structure with other tensors.
  public func replacingLeaves(with tensors: [Tensor]) -> Self {
    var copy = self
    var source = LeafSource(tensors)
    copy.replaceLeaves(from: &source)
    require(
      source.isExhausted, "tree: \(tensors.count) tensors are more than \(Self.self) has leaves")
    return copy
  }

  /// A tree in which each tensor is transformed.
  public func mapLeaves(_ transform: (Tensor) throws -> Tensor) rethrows -> Self {
    replacingLeaves(with: try leaves.map(transform))
  }

  /// A tree that combines the tensors of two trees of equal structure.
  public func zipLeaves(
    _ other: Self, _ combine: (Tensor, Tensor) throws -> Tensor
  ) rethrows -> Self {
    let (mine, others) = (leaves, other.leaves)
    require(
      mine.count == others.count,
      "tree: \(Self.self) has \(mine.count) leaves on one side and \(others.count) on the other")
    return replacingLeaves(with: try zip(mine, others).map(combine))
  }
}

extension Tensor: TensorTree {
  /// A tensor is a leaf.
  public static var branches: Branches<Tensor> { Branches() }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.append(self, path: path)
  }

  public mutating func replaceLeaves(from source: inout LeafSource) { self = source.next() }
}

extension Array: TensorTree where Element: TensorTree {
  /// An array's branches are its elements.
  public static var branches: Branches<[Element]> { Branches() }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.identify(byLength: count)
    for (index, element) in enumerated() {
      element.collectLeaves(into: &leaves, path: leaves.path(path, "\(index)"))
    }
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    for index in indices { self[index].replaceLeaves(from: &source) }
  }
}

extension Optional: TensorTree where Wrapped: TensorTree {
  /// An optional's branch is what it wraps.
  public static var branches: Branches<Wrapped?> { Branches() }

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.identify(byLength: self == nil ? 0 : 1)
    self?.collectLeaves(into: &leaves, path: path)
  }

  public mutating func replaceLeaves(from source: inout LeafSource) {
    self?.replaceLeaves(from: &source)
  }
}
