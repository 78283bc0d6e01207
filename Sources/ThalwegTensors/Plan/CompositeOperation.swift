/// An operation with derivatives of its own that plans compute by others.
protocol CompositeOperation: Operation {
  /// The result in terms of operations that are not composite.
  func expanded(_ inputs: [Tensor]) -> Tensor
}

extension CompositeOperation {
  /// Never called: plans expand the operation.
  func lower(_ context: KernelContext) {
    fatalError("\(name): a composite operation has no kernel")
  }
}
