import ThalwegKernels

struct LessOrEqual: BinaryOperation {
  var name: String { "lessOrEqual" }
  var code: ChainOperation { .lessEqual }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? { nil }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? { nil }
}

extension Tensor {
  /// 1 where a ≤ b, and 0 elsewhere.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { LessOrEqual()(a, b) }
  /// 1 where a ≥ b, and 0 elsewhere.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { LessOrEqual()(b, a) }
}
