import ThalwegKernels

struct Minimum: BinaryOperation {
  var name: String { "minimum" }
  var code: ChainOperation { .minimum }

  func first(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    factor * (1 - lessThan(call.inputs[1], call.inputs[0]))
  }
  func second(_ factor: Tensor, _ call: OperationCall) -> Tensor? {
    factor * lessThan(call.inputs[1], call.inputs[0])
  }
}

/// The lesser of two elements; where they are equal, the derivative belongs to the first.
public func min(_ a: Tensor, _ b: Tensor) -> Tensor { Minimum()(a, b) }
