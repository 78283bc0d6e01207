import ThalwegKernels
public import ThalwegTensors

/// A rule by which parameters follow their gradients.
///
///     var optimizer = Adam(learningRate: 0.01)
///     let (loss, gradient) = try valueAndGradient(at: flow) { flow in ... }
///     optimizer.update(&flow, along: gradient)
///
/// An optimizer is a tree whose leaves are what it remembers, so that it is saved and restored like
/// a model. It remembers nothing before it is prepared for a tree, or has updated it.
public protocol Optimizer: TensorTree {
  /// The length of a step.
  var learningRate: Double { get set }

  /// Forgets everything, and makes room for a tree of this structure.
  mutating func prepare(for tree: some TensorTree)

  /// Moves the leaves of a tree against its gradient.
  ///
  /// - Errors: traps where the gradient is of other shapes than the tree.
  mutating func update<Tree: TensorTree>(_ tree: inout Tree, along gradient: Tree)
}

/// Zeros in the shapes of the leaves of a tree.
func zeros(like tree: some TensorTree) -> [Tensor] {
  tree.leaves.map { Tensor.zeros($0.shape, dtype: $0.dtype) }
}

/// Whether what is remembered has the shapes of a tree.
func isPrepared(_ memory: [Tensor], for tree: some TensorTree) -> Bool {
  memory.map(\.type) == tree.leaves.map(\.type)
}

/// Runs a rule without loops, which cannot fail.
func infallible<Value>(_ name: String, _ body: () throws -> Value) -> Value {
  do {
    return try body()
  } catch {
    fatalError("\(name): \(error)")
  }
}

/// Stops the program where the length of a step is no such length.
func requireRate(_ rate: Double, of name: String) {
  require(rate >= 0 && rate.isFinite, "\(name): a learning rate of \(rate)")
}
