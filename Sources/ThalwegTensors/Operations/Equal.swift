import ThalwegKernels

struct Equal: BinaryOperation {
  var name: String { "equal" }
  var code: ChainOperation { .equal }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? { nil }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? { nil }
}

extension Tensor {
  /// 1 where a = b, and 0 elsewhere.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { Equal()(a, b) }
  /// 1 where a ≠ b, and 0 elsewhere.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { 1 - Equal()(a, b) }
}
