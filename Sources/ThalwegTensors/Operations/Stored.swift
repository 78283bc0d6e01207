/// Marks a tensor that counts as an array in memory, whatever computes it.
///
/// What is simplified because an operand is one must not depend on who computes the operand where the
/// same numbers are wanted bit by bit.
struct Stored: ViewOperation {
  var name: String { "stored" }
  func outputTypes(of inputs: [TensorType]) -> [TensorType] { inputs }
  func view(of input: StridedView) -> StridedView? { input }
  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] { tangents }
  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] { cotangents }
}
