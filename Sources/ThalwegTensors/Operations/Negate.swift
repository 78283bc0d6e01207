import ThalwegKernels

struct Negate: ElementwiseOperation {
  var name: String { "negate" }
  var code: ChainOperation { .negate }

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { -$0 }] }
  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[0].map { -$0 }]
  }
}

extension Tensor {
  /// The negative of each element.
  public static prefix func - (x: Tensor) -> Tensor { Negate()(x).asLiteral(if: x) }
}
