import Synchronization
import ThalwegKernels

/// A function that is traced and compiled at its first call for each combination of shapes.
///
///     let step = compile { (net: Net, image: Tensor, label: Tensor) in
///       softmaxCrossEntropy(net(image), label)
///     }
///     let loss = try step(net, images, labels)
///
/// Whatever the function captures is constant. Arguments whose closures, methods or numbers of steps
/// differ get plans of their own; other properties that are no tensors are taken from the first
/// call with the same shapes.
///
/// - Cost: the first call for a shape compiles, in milliseconds; later ones only run the plan.
public struct CompiledFunction<Output: TensorTree, each Input: TensorTree>: Sendable {
  private let function: @Sendable (repeat each Input) throws -> Output
  private let cache = PlanCache<Output>()

  init(_ function: @escaping @Sendable (repeat each Input) throws -> Output) {
    self.function = function
  }

  /// Calls the function.
  ///
  /// - Errors: what the function throws while it is traced, and what a flow in it throws.
  public func callAsFunction(_ inputs: repeat each Input) throws -> Output {
    let (leaves, structure) = collected(repeat each inputs)
    guard !leaves.contains(where: \.isSymbolic) else { return try function(repeat each inputs) }
    let entry = try entry(for: leaves, structure, repeat each inputs)
    return entry.output.replacingLeaves(with: try entry.plan.run(leaves))
  }

  /// The plan for arguments of these shapes.
  public func plan(for inputs: repeat each Input) throws -> Plan {
    let (leaves, structure) = collected(repeat each inputs)
    return try entry(for: leaves, structure, repeat each inputs).plan
  }

  private func entry(
    for leaves: [Tensor], _ structure: TreeStructure, _ inputs: repeat each Input
  ) throws -> PlanCache<Output>.Entry {
    try cache.entry(for: leaves, structure: structure) { placeholders in
      var source = LeafSource(placeholders)
      return try function(repeat rebuilt(each inputs, from: &source))
    }
  }

  private func collected(
    _ inputs: repeat each Input
  ) -> (leaves: [Tensor], structure: TreeStructure) {
    var list = LeafList(recordingPaths: false)
    for input in repeat each inputs { input.collectLeaves(into: &list, path: "") }
    return (settled(list.tensors), list.structure)
  }
}

private func rebuilt<Tree: TensorTree>(_ tree: Tree, from source: inout LeafSource) -> Tree {
  var copy = tree
  copy.replaceLeaves(from: &source)
  return copy
}

/// Compiles a function of trees.
public func compile<Output: TensorTree, each Input: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output
) -> CompiledFunction<Output, repeat each Input> {
  CompiledFunction(function)
}

/// Plans by the shapes of their arguments.
package final class PlanCache<Output: TensorTree>: Sendable {
  package struct Entry: Sendable {
    package let plan: Plan
    /// A traced output, which gives results their structure.
    package let output: Output
  }

  private struct Key: Hashable {
    var types: [TensorType]
    var structure: TreeStructure
    var constants: [Double]
  }

  private let entries = Mutex<[Key: Entry]>([:])

  package init() {}

  /// The plan for these arguments, compiled now if there is none.
  ///
  /// Numbers that are constants of the plan belong to its key.
  package func entry(
    for leaves: [Tensor], structure: TreeStructure = TreeStructure(), constants: [Double] = [],
    tracing function: ([Tensor]) throws -> Output
  ) throws -> Entry {
    let key = Key(types: leaves.map(\.type), structure: structure, constants: constants)
    if let entry = entries.withLock({ $0[key] }) { return entry }
    let inputs = key.types.map(placeholder)
    let output = try function(inputs)
    let entry = Entry(plan: Plan(inputs: inputs, outputs: output.leaves), output: output)
    entries.withLock { $0[key] = entry }
    return entry
  }
}
