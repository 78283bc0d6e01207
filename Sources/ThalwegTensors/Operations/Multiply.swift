import ThalwegKernels

struct Multiply: BinaryOperation {
  var name: String { "multiply" }
  var code: ChainOperation { .multiply }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? { factor * call.inputs[1] }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? { factor * call.inputs[0] }
}

extension Tensor {
  /// The product, element by element.
  public static func * (a: Tensor, b: Tensor) -> Tensor { Multiply()(a, b) }
  /// The product, element by element.
  // Disfavoured so that `1 * 0.5` remains a Double where this module is imported.
  @_disfavoredOverload
  public static func * (a: Tensor, b: Double) -> Tensor { Multiply()(a, Tensor(b)) }
  /// The product, element by element.
  @_disfavoredOverload
  public static func * (a: Double, b: Tensor) -> Tensor { Multiply()(Tensor(a), b) }
  /// The product, element by element.
  public static func *= (a: inout Tensor, b: Tensor) { a = Multiply()(a, b) }
}
