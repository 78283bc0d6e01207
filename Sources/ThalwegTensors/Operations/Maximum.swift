import ThalwegKernels

struct Maximum: BinaryOperation {
  var name: String { "maximum" }
  var code: ChainOperation { .maximum }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    factor * (1 - lessThan(call.inputs[0], call.inputs[1]))
  }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    factor * lessThan(call.inputs[0], call.inputs[1])
  }
}

/// The greater of two elements; where they are equal, the derivative belongs to the first.
public func max(_ a: Tensor, _ b: Tensor) -> Tensor { Maximum()(a, b) }
