import Testing
import Thalweg
import ThalwegTestSupport

/// Gradients of the schemes against loops that were derived by hand.
///
/// For F(u) = -Kᵀ Φ(K u) and a cotangent p, with q = Φ'(K u) · (K p):
/// Jᵀ p = -Kᵀ q,  dK = -(Φ(K u) pᵀ + q uᵀ).
@Suite struct HandDerivedGradientTests {
  private let kernel = Tensor.random([5, 7], seed: 1)
  private let start = Tensor.random([7, 1], seed: 2)
  private let weights = Tensor.random([7, 1], seed: 3)

  private var field: ODE<Tensor> {
    ODE(kernel) { t, u, k in
      let s = matmul(k, u)
      return -matmul(k.transposed, s / (1 + square(s)))
    }
  }

  /// Jᵀ p and the derivative in K.
  private func pullback(_ u: Tensor, _ p: Tensor) -> (state: Tensor, kernel: Tensor) {
    let s = matmul(kernel, u)
    let slope = (1 - square(s)) / square(1 + square(s))
    let q = slope * matmul(kernel, p)
    let flux = s / (1 + square(s))
    return (
      -matmul(kernel.transposed, q),
      -(matmul(flux, p.transposed) + matmul(q, u.transposed))
    )
  }

  private func gradient<Method: Integrator>(
    _ flow: Flow<Method>
  ) throws -> (start: Tensor, kernel: Tensor)
  where Method.Field == ODE<Tensor> {
    let pair = [start] + flow.leaves
    let gradient = try valueAndGradient(at: pair) { pair in
      sum(weights * (try flow.replacingLeaves(with: Array(pair.dropFirst()))(pair[0])))
    }.gradient
    return (gradient[0], gradient[1])
  }

  @Test func `explicit steps`() throws {
    let (h, steps) = (0.05, 12)
    var states = [start]
    for _ in 0..<steps {
      states.append(states[states.count - 1] + h * field(0, states[states.count - 1]))
    }
    var (p, d) = (weights, Tensor.zeros([5, 7]))
    for u in states.dropLast().reversed() {
      let (state, kernel) = pullback(u, p)
      (p, d) = (p + h * state, d + h * kernel)
    }
    let found = try gradient(
      Flow(field, over: 0...h * Double(steps), steps: steps, using: RungeKutta(.euler)))
    expectClose(found.start, p, relative: 1e-13)
    expectClose(found.kernel, d, relative: 1e-13)
  }

  @Test func `cycles of FSI`() throws {
    let (τ, n) = (0.05, 7)
    var states = [start]
    var previous = start
    for l in 0..<n {
      let a = Double(4 * l + 2) / Double(2 * l + 3)
      let u = states[l]
      states.append(a * (u + τ * field(0, u)) + (1 - a) * previous)
      previous = u
    }
    var (p, c, d) = (weights, Tensor.zeros([7, 1]), Tensor.zeros([5, 7]))
    for l in (0..<n).reversed() {
      let a = Double(4 * l + 2) / Double(2 * l + 3)
      let (state, kernel) = pullback(states[l], p)
      d = d + a * τ * kernel
      (p, c) = (a * (p + τ * state) + c, (1 - a) * p)
    }
    let reach = FastSemiIterative<ODE<Tensor>>.reach(cycle: n)
    let found = try gradient(
      Flow(field, over: 0...τ * reach, steps: 1, using: FastSemiIterative(cycle: n)))
    expectClose(found.start, p + c, relative: 1e-12)
    expectClose(found.kernel, d, relative: 1e-12)
  }

  @Test func `Du Fort-Frankel`() throws {
    let (τ, α, steps) = (0.3, 4.0, 9)
    let share = 1 / (1 + 2 * τ * α)
    let (a1, a2, a3) = (4 * τ * α * share, 2 * τ * share, (1 - 2 * τ * α) * share)
    // From the state one step before, from which the first step is one of Euler, 1/2α long.
    let back = start + 1 / (2 * α) * field(0, start)
    var states = [start]
    var previous = back
    for step in 0..<steps {
      let u = states[step]
      states.append(a1 * u + a2 * field(0, u) + a3 * previous)
      previous = u
    }
    expectClose(states[1], start + 1 / (2 * α) * field(0, start), relative: 1e-13)
    var (p, c, d) = (weights, Tensor.zeros([7, 1]), Tensor.zeros([5, 7]))
    for u in states.dropLast().reversed() {
      let (state, kernel) = pullback(u, p)
      d = d + a2 * kernel
      (p, c) = (a1 * p + a2 * state + c, a3 * p)
    }
    let (state, kernel) = pullback(start, c)
    let method = DuFortFrankel<ODE<Tensor>>(alpha: α)
    let found = try gradient(
      Flow(field, over: 0...τ * Double(steps), steps: steps, using: method))
    expectClose(found.start, p + c + 1 / (2 * α) * state, relative: 1e-12)
    expectClose(found.kernel, d + 1 / (2 * α) * kernel, relative: 1e-12)
    // Steps can be undone as long as what decays does not grow too much on the way back.
    let undone = try gradient(
      Flow(
        field, over: 0...τ * 5, steps: 5, using: method, adjoint: ReversibleAdjoint()))
    let stored = try gradient(
      Flow(field, over: 0...τ * 5, steps: 5, using: method, adjoint: DirectAdjoint()))
    expectClose(undone.kernel, stored.kernel, relative: 1e-9)
  }

  @Test func `implicit steps`() throws {
    let h = 0.8
    let solver = NewtonKrylov(tolerance: 1e-14, derivativeTolerance: 1e-14)
    let flow = Flow(field, over: 0...h, steps: 1, using: BackwardEuler(solver: solver))
    let end = try flow(start)
    // (1 - h J)ᵀ μ = p by iteration; J is symmetric, and -J has eigenvalues below 40.
    var μ = weights
    for _ in 0..<4000 { μ = μ + 0.03 * (weights - μ + h * pullback(end, μ).state) }
    let found = try gradient(flow)
    expectClose(found.start, μ, relative: 1e-10)
    expectClose(found.kernel, h * pullback(end, μ).kernel, relative: 1e-10)
  }
}
