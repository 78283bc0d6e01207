import ThalwegKernels

struct Less: BinaryOperation {
  var name: String { "less" }
  var code: ChainOperation { .less }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? { nil }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? { nil }
}

/// 1 where the element of `a` is less than the one of `b`, and 0 elsewhere.
public func lessThan(_ a: Tensor, _ b: Tensor) -> Tensor { Less()(a, b) }

extension Tensor {
  /// 1 where a < b, and 0 elsewhere.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { Less()(a, b) }
  /// 1 where a > b, and 0 elsewhere.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { Less()(b, a) }
}
