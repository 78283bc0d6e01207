import ThalwegKernels

struct Add: BinaryOperation {
  var name: String { "add" }
  var code: ChainOperation { .add }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? { factor }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? { factor }
}

extension Tensor {
  /// The sum, element by element.
  public static func + (a: Tensor, b: Tensor) -> Tensor { Add()(a, b) }
  /// The sum, element by element.
  // Disfavoured so that `1 + 0.5` remains a Double where this module is imported.
  @_disfavoredOverload
  public static func + (a: Tensor, b: Double) -> Tensor { Add()(a, Tensor(b)) }
  /// The sum, element by element.
  @_disfavoredOverload
  public static func + (a: Double, b: Tensor) -> Tensor { Add()(Tensor(a), b) }
  /// The sum, element by element.
  public static func += (a: inout Tensor, b: Tensor) { a = Add()(a, b) }
}
