import ThalwegKernels

struct Select: ElementwiseOperation {
  var name: String { "select" }
  var code: ChainOperation { .select }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    guard tangents[1] != nil || tangents[2] != nil else { return [nil] }
    return [select(call.inputs[0], tangents[1] ?? 0, tangents[2] ?? 0)]
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    guard let cotangent = cotangents[0] else { return [nil, nil, nil] }
    return [nil, select(call.inputs[0], cotangent, 0), select(call.inputs[0], 0, cotangent)]
  }
}

/// Elements of `a` where the condition is not 0, and of `b` where it is.
///
/// The branch that is not taken contributes 0 times its own derivative, which is NaN where that is
/// infinite or NaN. Keep its argument away from there:
///
///     select(x .> 0, sqrt(select(x .> 0, x, 1)), 0)
public func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  Select().applied(to: matched("select", [condition, a, b]))[0]
}
