import ThalwegKernels

struct Step: ElementwiseOperation {
  var name: String { "step" }
  var code: ChainOperation { .step }
}

/// The Heaviside step of each element: 1 where it is positive, and 0 elsewhere.
public func step(_ x: Tensor) -> Tensor { Step()(x).asLiteral(if: x) }
