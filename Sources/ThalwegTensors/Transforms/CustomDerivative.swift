import ThalwegKernels

/// Tensors that were computed in one way and are differentiated backwards in another.
///
/// Inputs are the tensors and what they are functions of; outputs are the tensors. Forward derivatives
/// are those of the function.
package struct CustomDerivative: Operation {
  /// How the tensors follow from what they are functions of, and how cotangents do from cotangents.
  final class Rule: Sendable {
    let count: Int
    let function: @Sendable ([Tensor]) -> [Tensor]
    let pullback: @Sendable (_ variables: [Tensor], _ values: [Tensor], [Tensor?]) -> [Tensor?]

    init(
      _ count: Int, _ function: @escaping @Sendable ([Tensor]) -> [Tensor],
      _ pullback: @escaping @Sendable ([Tensor], [Tensor], [Tensor?]) -> [Tensor?]
    ) {
      self.count = count
      self.function = function
      self.pullback = pullback
    }
  }

  private let rule: Rule

  package var name: String { "custom derivative" }

  package static func == (a: CustomDerivative, b: CustomDerivative) -> Bool { a.rule === b.rule }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(rule)) }

  package func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    Array(inputs.prefix(rule.count))
  }

  package func lower(_ context: KernelContext) {
    for index in 0..<rule.count where context.isUsed(index) {
      context.copy(index, into: context.result(index))
    }
  }

  package func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    let variables = Array(call.inputs.dropFirst(rule.count))
    return pushedForward(
      rule.function(variables), tangents: Array(tangents.dropFirst(rule.count)), from: variables)
  }

  package func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let (values, variables) = (call.inputs.prefix(rule.count), call.inputs.dropFirst(rule.count))
    return values.map { _ in nil } + rule.pullback(Array(variables), Array(values), cotangents)
  }

  /// The values of a function of variables, with a pullback of their own.
  ///
  /// The pullback is given the variables, the values, and the cotangents of these.
  package static func record(
    of variables: [Tensor], function: @escaping @Sendable ([Tensor]) -> [Tensor],
    pullback: @escaping @Sendable ([Tensor], [Tensor], [Tensor?]) -> [Tensor?]
  ) -> [Tensor] {
    let values = function(variables)
    let rule = Rule(values.count, function, pullback)
    return CustomDerivative(rule: rule).recorded(on: values + variables).outputs
  }
}
