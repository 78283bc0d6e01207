import Thalweg

/// Points that move, with the logarithm of how much the volume about them has grown.
struct MovingPoints: VectorSpace {
  var x: Tensor
  var growth: Tensor
  static let branches = Branches(\MovingPoints.x, \.growth)

  /// Points at rest, `[n, 2]`.
  init(_ points: Tensor) {
    self.init(x: points, growth: .zeros([points.shape[0]]))
  }

  init(x: Tensor, growth: Tensor) { (self.x, self.growth) = (x, growth) }
}

/// The field that moves points from the data to a normal distribution.
struct MovingDensity: Dynamics {
  /// How the divergence of the field is found, which is what volumes grow by.
  enum Divergence {
    /// ∂f₁/∂x₁ + ∂f₂/∂x₂: as many derivatives along directions as there are dimensions.
    case exact
    /// εᵀ (∂f/∂x) ε with ε = ±1 by lot for each point: one derivative, right on average.
    case hutchinson(Tensor)
  }

  var hidden = Dense(2, 48, seed: 1, dtype: .float64)
  var rates = 0.1 * Tensor.randomNormal([48], key: 2)
  var mixing = Dense(48, 48, seed: 3, dtype: .float64)
  var output = Dense(48, 2, seed: 4, dtype: .float64)
  var divergence = Divergence.exact

  static let branches = Branches(
    \MovingDensity.hidden, \.rates, \.mixing, \.output)

  func callAsFunction(_ t: Tensor, _ y: MovingPoints) -> MovingPoints {
    func velocity(_ x: Tensor) -> Tensor {
      output(tanh(mixing(tanh(hidden(x) + t * rates))))
    }
    let directions: [Tensor] =
      switch divergence {
      case .exact: [[1, 0], [0, 1]].map { (axis: Tensor) in axis.broadcast(to: y.x.shape) }
      case .hutchinson(let signs): [signs]
      }
    let growths = directions.map { direction in
      sum(direction * jvp(at: y.x, along: direction, velocity).derivative, over: [1])
    }
    return MovingPoints(x: velocity(y.x), growth: growths.dropFirst().reduce(growths[0], +))
  }
}
