/// Marks an evaluation of dynamics, so that a plan can count those that remain after merging.
struct Evaluation: ViewOperation {
  var name: String { "evaluation" }
  func outputTypes(of inputs: [TensorType]) -> [TensorType] { inputs }
  func view(of input: StridedView) -> StridedView? { input }
  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] { tangents }
  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] { cotangents }
}

/// Counts the computation of `x` as one evaluation of dynamics in ``Plan/evaluations``.
///
/// The tensor itself is unchanged. Equal evaluations that a plan merges count once.
public func countingEvaluation(_ x: Tensor) -> Tensor {
  x.isSymbolic ? Evaluation()(x) : x
}
