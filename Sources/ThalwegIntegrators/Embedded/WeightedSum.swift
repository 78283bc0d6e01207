import ThalwegDynamics
import ThalwegTensors

/// Σ wᵢ kᵢ, or nil where every weight is 0.
///
/// Numbers are multiplied before the step size is, so that they are constants of a chain.
func weightedSum<State: VectorSpace>(_ weights: [Double], _ slopes: [State]) -> State? {
  var sum: State?
  for (weight, slope) in zip(weights, slopes) where weight != 0 {
    guard let previous = sum else {
      sum = weight == 1 ? slope : slope.mapLeaves { weight * $0 }
      continue
    }
    sum = previous.zipLeaves(slope) { $0 + weight * $1 }
  }
  return sum
}

extension VectorSpace {
  /// The state plus h Σ wᵢ kᵢ.
  func stepped(by h: Tensor, _ weights: [Double], _ slopes: [Self]) -> Self {
    weightedSum(weights, slopes).map { sum in zipLeaves(sum) { $0 + h * $1 } } ?? self
  }

  /// Zero, in the shapes of the state.
  var zero: Self { mapLeaves { .zeros($0.shape, dtype: $0.dtype) } }
}

/// The time at a node of a step.
func time(_ t: Tensor, plus node: Double, of h: Tensor) -> Tensor {
  switch node {
  case 0: t
  case 1: t + h
  default: t + node * h
  }
}

/// Σ bⱼ θʲ with j = 1, 2, ..., or nil where every bⱼ is 0.
func denseWeight(_ coefficients: [Double], at θ: Tensor) -> Tensor? {
  let falling = coefficients.reversed().drop { $0 == 0 }
  guard let leading = falling.first else { return nil }
  return θ * falling.dropFirst().reduce(Tensor(leading)) { $0 * θ + $1 }
}
