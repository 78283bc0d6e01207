import ThalwegKernels

struct Subtract: BinaryOperation {
  var name: String { "subtract" }
  var code: ChainOperation { .subtract }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? { factor }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? { -factor }
}

extension Tensor {
  /// The difference, element by element.
  public static func - (a: Tensor, b: Tensor) -> Tensor { Subtract()(a, b) }
  /// The difference, element by element.
  // Disfavoured so that `1 - 0.5` remains a Double where this module is imported.
  @_disfavoredOverload
  public static func - (a: Tensor, b: Double) -> Tensor { Subtract()(a, Tensor(b)) }
  /// The difference, element by element.
  @_disfavoredOverload
  public static func - (a: Double, b: Tensor) -> Tensor { Subtract()(Tensor(a), b) }
  /// The difference, element by element.
  public static func -= (a: inout Tensor, b: Tensor) { a = Subtract()(a, b) }
}
