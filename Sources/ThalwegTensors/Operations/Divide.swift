import ThalwegKernels

struct Divide: BinaryOperation {
  var name: String { "divide" }
  var code: ChainOperation { .divide }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? { factor / call.inputs[1] }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    -(factor * call.output / call.inputs[1])
  }
}

extension Tensor {
  /// The quotient, element by element.
  public static func / (a: Tensor, b: Tensor) -> Tensor { Divide()(a, b) }
  /// The quotient, element by element.
  // Disfavoured so that `1 / 0.5` remains a Double where this module is imported.
  @_disfavoredOverload
  public static func / (a: Tensor, b: Double) -> Tensor { Divide()(a, Tensor(b)) }
  /// The quotient, element by element.
  @_disfavoredOverload
  public static func / (a: Double, b: Tensor) -> Tensor { Divide()(Tensor(a), b) }
  /// The quotient, element by element.
  public static func /= (a: inout Tensor, b: Tensor) { a = Divide()(a, b) }
}
