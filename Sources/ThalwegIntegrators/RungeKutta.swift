public import ThalwegDynamics
public import ThalwegTensors

/// An explicit Runge-Kutta method, given by its tableau.
///
///     kᵢ = f(t + cᵢ h, y + h Σⱼ aᵢⱼ kⱼ),   y₁ = y + h Σ bᵢ kᵢ
///
///     let flow = Flow(f, over: 0...1, steps: 10, using: RungeKutta(.classic))
///
/// - Order: that of the tableau.
/// - Stability: |R(hλ)| ≤ 1, where R(z) = Σ zᵏ/k! up to the order for the methods whose number of
///   stages equals their order, as those of ``ButcherTableau/all`` do.
/// - Cost: one evaluation a stage.
/// - Source: E. Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I",
///   Springer, 1993, doi:10.1007/978-3-540-78862-1, section II.1.
public struct RungeKutta<Field: Dynamics>: Integrator {
  /// The coefficients.
  public let tableau: ButcherTableau

  /// Creates the method of a tableau.
  public init(_ tableau: ButcherTableau) { self.tableau = tableau }

  public var order: Int { tableau.order }

  public func step(
    _ f: Field, at t: Tensor, from y: Field.State, by h: Tensor
  ) -> Field.State {
    var slopes: [Field.State] = []
    for (row, node) in zip(tableau.a, tableau.c) {
      let time = node == 0 ? t : t + node * h
      slopes.append(f(time, y.adding(h, row, slopes)))
    }
    return y.adding(h, tableau.b, slopes)
  }
}
