/// The second of two tensors where the magnitude of the first is at most the limit, and 0 elsewhere;
/// in derivatives the second one.
///
/// A sum that has left the range of exact sums stays as it is, until its size is noticed.
struct Kept: CompositeOperation {
  var limit: Double
  var name: String { "kept" }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] { [inputs[1]] }

  func expanded(_ inputs: [Tensor]) -> Tensor {
    select(abs(inputs[0]) .<= Tensor(limit), inputs[1], 0)
  }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] { [tangents[1]] }
  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] { [nil, cotangents[0]] }
}
