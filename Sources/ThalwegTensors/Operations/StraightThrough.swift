/// A value that is differentiated as if it were another.
struct StraightThrough: CompositeOperation {
  var name: String { "straight through" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] { [inputs[0]] }
  func expanded(_ inputs: [Tensor]) -> Tensor { inputs[0] }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] { [tangents[1]] }
  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] { [nil, cotangents[0]] }
}

/// The numbers of `x` with the derivatives of `smooth`, which has the same shape.
///
///     straightThrough(round(x), like: x)      // rounds, and is differentiated as if it did not
public func straightThrough(_ x: Tensor, like smooth: Tensor) -> Tensor {
  StraightThrough().applied(to: matched("straightThrough", [x, smooth]))[0]
}
