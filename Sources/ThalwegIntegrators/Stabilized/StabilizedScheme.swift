import ThalwegDynamics
import ThalwegTensors

/// A recurrence of stages by which an explicit method reaches far along the negative real axis.
///
///     Y₁ = y + p₁ h F₀
///     Yⱼ = (1 - μⱼ - νⱼ) y + μⱼ Yⱼ₋₁ + νⱼ Yⱼ₋₂ + pⱼ h Fⱼ₋₁ + qⱼ h F₀
struct StabilizedScheme: Hashable, Sendable {
  /// The coefficients of a stage.
  struct Stage: Hashable, Sendable {
    var μ = 0.0
    var ν = 0.0
    /// p, of the slope of the stage before.
    var last: Double
    /// q, of the first slope.
    var first = 0.0
    /// Where in the step the stage is.
    var node: Double
  }

  private(set) var stages: [Stage]

  /// Creates the recurrence of polynomials that obey Pⱼ(x) = rⱼ x Pⱼ₋₁(x) - qⱼ Pⱼ₋₂(x).
  ///
  /// The stages are aⱼ + bⱼ Pⱼ(center + slope z) for y' = λy, with `weights` bⱼ from j = 0 on and
  /// `values` Pⱼ(center); the recurrence is given from j = 2 on.
  init(
    center: Double, slope: Double, weights b: [Double], values: [Double],
    recurrence: (Int) -> (r: Double, q: Double)
  ) {
    let first = b[1] * slope
    stages = [Stage(last: first, node: first)]
    for j in 2..<b.count {
      let (r, q) = recurrence(j)
      let a = 1 - b[j - 1] * values[j - 1]
      var stage = Stage(
        μ: r * center * b[j] / b[j - 1], ν: -q * b[j] / b[j - 2], last: r * slope * b[j] / b[j - 1],
        node: 0)
      stage.first = -a * stage.last
      let before = j == 2 ? 0 : stages[j - 3].node
      stage.node = stage.μ * stages[j - 2].node + stage.ν * before + stage.last + stage.first
      stages.append(stage)
    }
  }

  /// The state after a step, from the state and slope before it.
  func step<Field: Dynamics>(
    _ f: Field, at t: Tensor, from y: Field.State, slope: Field.State, by h: Tensor
  ) -> Field.State {
    var (before, last) = (y, y)
    var lastSlope = slope
    for (index, stage) in stages.enumerated() {
      if index > 0 { lastSlope = f(time(t, plus: stages[index - 1].node, of: h), last) }
      let push = weightedSum([stage.last, stage.first], [lastSlope, slope]) ?? slope
      let mixed = weightedSum([1 - stage.μ - stage.ν, stage.μ, stage.ν], [y, last, before]) ?? y
      (before, last) = (last, mixed.zipLeaves(push) { $0 + h * $1 })
    }
    return last
  }
}
