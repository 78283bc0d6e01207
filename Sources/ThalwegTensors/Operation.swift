import ThalwegKernels

/// A primitive: what a node of the graph computes, and how it is differentiated.
///
/// Everything about an operation stands in one file: the rule for its shapes, its kernel, and its
/// two derivatives, which are written in tensor operations and are therefore differentiable in
/// turn.
///
/// - Errors: `outputTypes(of:)` traps with the operation and the shapes where they do not fit.
public protocol Operation: Hashable, Sendable {
  /// The name under which plans and errors mention the operation.
  var name: String { get }

  /// The rule for shapes and element types.
  func outputTypes(of inputs: [TensorType]) -> [TensorType]

  /// Whether the kernel reads inputs whose elements are not contiguous.
  var acceptsViews: Bool { get }

  /// Appends the kernel calls that compute the outputs.
  func lower(_ context: KernelContext)

  /// The derivative of the outputs along tangents of the inputs; nil stands for zero.
  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?]

  /// The cotangents of the inputs that are wanted from cotangents of the outputs; nil is zero.
  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?]
}

extension Operation {
  /// Most kernels want contiguous inputs.
  public var acceptsViews: Bool { false }

  /// No derivative: the outputs are locally constant.
  public func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    call.outputs.map { _ in nil }
  }

  /// No derivative: the outputs are locally constant.
  public func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    call.inputs.map { _ in nil }
  }

  /// Applies the operation: computes where all inputs have values, and records otherwise.
  public func callAsFunction(_ inputs: Tensor...) -> Tensor { applied(to: inputs)[0] }

  /// Applies the operation and returns all its outputs.
  public func applied(to inputs: [Tensor]) -> [Tensor] {
    let node = recorded(on: inputs)
    return node.isSymbolic ? node.outputs : Plan.evaluate(node.outputs)
  }

  /// Records the operation whether or not the inputs have values.
  func recorded(on inputs: [Tensor]) -> Node {
    Node(self, inputs, outputTypes(of: inputs.map(\.type)))
  }
}

/// The application of an operation that is being differentiated.
public struct OperationCall: Sendable {
  /// What the operation was applied to.
  public let inputs: [Tensor]
  /// What it returned.
  public let outputs: [Tensor]
  /// Which cotangents of inputs are needed.
  public let wanted: [Bool]

  /// The first output.
  public var output: Tensor { outputs[0] }
}
