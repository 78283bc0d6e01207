/// How a source gives the polynomials by which slopes are weighted between the ends of a step.
///
///     y(t + θh) = y + h Σ bᵢ(θ) kᵢ,   bᵢ(θ) = Σ bᵢⱼ θʲ,  j = 1, 2, ...
enum DenseOutput {
  /// The cubic through both ends of the step with the slopes there.
  case hermite
  /// The form in which E. Hairer writes dense output, with the weights of r₃, r₄, ....
  ///
  ///     y + θ (Δ + (1-θ) (r₁ + θ (r₂ + (1-θ) (r₃ + θ (r₄ + ...)))))
  ///     Δ = h Σ bᵢ kᵢ,   r₁ = h k₁ - Δ,   r₂ = Δ - h k - r₁ with k the slope at the end
  case nested(CoefficientRows)
  /// The coefficients bᵢⱼ, a row for each slope.
  case polynomials(CoefficientRows)

  /// The coefficients bᵢⱼ for each of a number of slopes, of which one is that at the end of the
  /// step, from the weights of the step.
  func coefficients(weights: [Double], end: Int, slopes: Int) -> [[Double]] {
    switch self {
    case .hermite: Self.nested(weights, end, slopes, [])
    case .nested(let further): Self.nested(weights, end, slopes, further.rows)
    case .polynomials(let rows): rows.rows
    }
  }

  private static func nested(
    _ weights: [Double], _ end: Int, _ slopes: Int, _ further: [[Double]]
  ) -> [[Double]] {
    let degree = 3 + further.count
    // θ, θ(1-θ), θ²(1-θ), θ²(1-θ)², ...
    var basis: [Polynomial] = []
    for index in 0..<degree {
      let factor = Polynomial(index.isMultiple(of: 2) ? [0, 1] : [1, -1])
      basis.append(basis.last.map { $0 * factor } ?? factor)
    }
    return (0..<slopes).map { slope in
      let weight = slope < weights.count ? weights[slope] : 0
      let (first, last) = (slope == 0 ? 1.0 : 0, slope == end ? 1.0 : 0)
      let multiples =
        [weight, first - weight, 2 * weight - first - last]
        + further.map { slope < $0.count ? $0[slope] : 0 }
      let sum = zip(multiples, basis).reduce(Polynomial([])) { $0 + $1.0 * $1.1 }
      return (1...degree).map { sum[$0] }
    }
  }
}
