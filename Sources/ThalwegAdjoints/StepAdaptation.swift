import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegStability
import ThalwegTensors

/// How the sizes of a flow's steps are controlled.
///
/// Only flows of an ``EmbeddedIntegrator`` have one; what they need of it is kept as functions.
struct StepAdaptation<Method: Integrator>: Sendable {
  typealias State = Method.Field.State

  /// A step that is taken if its error is small enough.
  struct Attempt {
    var next: Method.Carry
    var error: State
    var dense: [Tensor]
    /// The state within the step: of dense, carried before and after, part and step size.
    var interpolate: ([Tensor], Method.Carry, Method.Carry, Tensor, Tensor) -> State
  }

  let tolerance: Tolerance
  var control: StepControl
  let errorOrder: Int
  /// How long hλ may be where the flow is differentiated; nil where nothing limits it.
  let reach: (@Sendable () -> [Double])?
  let attempt: @Sendable (Method.Field, Tensor, Method.Carry, Tensor) -> Attempt
}

extension StepAdaptation where Method: EmbeddedIntegrator {
  init(_ method: Method, _ tolerance: Tolerance, _ control: StepControl) {
    control.validate()
    require(
      method.errorOrder > 0, "flow: an error estimate of order \(method.errorOrder) is none")
    self.tolerance = tolerance
    self.control = control
    errorOrder = method.errorOrder
    if let explicit = method as? any ExplicitIntegrator {
      reach = { explicit.stabilityRegion.gradientReach }
    } else {
      reach = nil
    }
    attempt = { field, time, carry, h in
      let attempt = method.attempt(field, at: time, from: carry, by: h)
      return Attempt(next: attempt.next, error: attempt.error, dense: attempt.dense.leaves) {
        dense, before, after, part, h in
        method.interpolate(
          attempt.dense.replacingLeaves(with: dense), from: before, to: after, at: part, by: h)
      }
    }
  }
}

extension StepAdaptation {
  /// The sum of the squares of errors in units of the tolerance, for each leaf.
  func squares(_ errors: State, from before: State, to after: State) -> [Tensor] {
    let (before, after) = (before.leaves, after.leaves)
    return errors.leaves.indices.map { leaf in
      let size = max(abs(before[leaf]), abs(after[leaf]))
      return sum(square(errors.leaves[leaf] / scale(of: size, leaf, among: before.count)))
    }
  }

  /// The norm of a state in units of the tolerance at another, in double precision.
  func norm(_ state: State, at place: State) -> Tensor {
    let sizes = place.leaves.map { abs($0) }
    let sums = state.leaves.indices.map { leaf in
      sum(square(state.leaves[leaf] / scale(of: sizes[leaf], leaf, among: sizes.count)))
        .to(.float64)
    }
    let count = Double(state.leaves.reduce(0) { $0 + $1.count })
    return sqrt(sums.dropFirst().reduce(sums[0], +) / count)
  }

  /// The error that is allowed where the state has a size.
  private func scale(of size: Tensor, _ leaf: Int, among leaves: Int) -> Tensor {
    require(
      tolerance.absolute.count == 1 || tolerance.absolute.count == leaves,
      "tolerance: \(tolerance.absolute.count) absolute ones for a state of \(leaves) leaves")
    let given = tolerance.absolute[tolerance.absolute.count == 1 ? 0 : leaf]
    let absolute = given.to(size.dtype)
    require(
      absolute.shape.broadcast(with: size.shape) == size.shape,
      "tolerance: an absolute one of \(absolute.shape) for a state of \(size.shape)")
    let scale = absolute + tolerance.relative * size
    guard given.values.contains(0) else { return scale }
    // What is 0 without an error of its own is exact.
    return max(scale, Tensor(size.dtype == .float32 ? 1e-37 : 1e-300))
  }

  /// The size of a first step whose error is probably small enough, without sign.
  ///
  /// - Source: E. Hairer, S. P. Nørsett, G. Wanner, "Solving Ordinary Differential Equations I",
  ///   Springer, 1993, doi:10.1007/978-3-540-78862-1, section II.4.
  func firstStep(_ field: Method.Field, _ y: State, from start: Double, to end: Double) -> Tensor {
    let span = abs(end - start)
    if let given = control.firstStep { return Tensor([given], shape: []) }
    let dtype = y.leaves.first?.dtype ?? .float64
    let time = Tensor([start], shape: [], dtype: dtype)
    guard let slope = field.slope(at: time, of: y) else {
      return Tensor([span / 100], shape: [])
    }
    let (size, speed) = (norm(y, at: y), norm(slope, at: y))
    let isUnclear = max(size .< 1e-5, speed .< 1e-5)
    let h₀ = min(select(isUnclear, Tensor(1e-6), 0.01 * size / speed), Tensor(span))
    let h = (end < start ? -h₀ : h₀).to(dtype)
    guard let other = field.slope(at: time + h, of: y + h * slope) else { return h₀ }
    let change = norm(other - slope, at: y) / h₀
    let largest = max(speed, change)
    let h₁ = select(
      largest .<= 1e-15, max(Tensor(1e-6), 1e-3 * h₀),
      pow(0.01 / largest, 1 / Double(errorOrder)))
    return stopGradient(min(100 * h₀, h₁))
  }
}
