/// The recorded application of an operation: a vertex of the graph that tracing builds.
///
/// Nodes are immutable, so graphs are shared freely between traces and threads, and derivatives
/// of any order are obtained by building more graph.
final class Node: Sendable {
  let operation: any Operation
  let inputs: [Tensor]
  let types: [TensorType]
  /// Whether the node depends on a placeholder, so that it has no value yet.
  let isSymbolic: Bool

  init(_ operation: any Operation, _ inputs: [Tensor], _ types: [TensorType]) {
    self.operation = operation
    self.inputs = inputs
    self.types = types
    isSymbolic = operation is Placeholder || inputs.contains { $0.isSymbolic }
  }

  func output(_ index: Int) -> Tensor { Tensor(.result(self, index), types[index]) }
  var outputs: [Tensor] { types.indices.map(output) }
}

/// The operation of a node whose value is given when a plan runs: an argument of a trace.
struct Placeholder: Operation {
  let type: TensorType

  var name: String { "placeholder" }
  func outputTypes(of inputs: [TensorType]) -> [TensorType] { [type] }
  func lower(_ context: KernelContext) {}
}
