import ThalwegDynamics
import ThalwegTensors

/// How implicit methods solve for their stages.
struct StageSolver<State: VectorSpace>: Sendable {
  private(set) var newton: NewtonKrylov
  let preconditioner: StagePreconditioner<State>?

  /// The same for steps whose errors are controlled.
  func following(_ steps: Tolerance) -> Self {
    var solver = self
    solver.newton = newton.following(steps)
    return solver
  }

  /// The state z = base + s f(t, z).
  func stage<Field: Dynamics>(
    _ f: Field, at t: Tensor, near guess: State, from base: State, by s: Tensor
  ) -> State where Field.State == State {
    root(near: guess, using: newton, preconditioner: preconditioner?.at(t, factor: s)) { z in
      z - base - s * f(t, z)
    }
  }

  /// The states zᵢ = y + h Σⱼ aᵢⱼ f(tⱼ, zⱼ), one system.
  func stages<Field: Dynamics>(
    _ f: Field, at times: [Tensor], near guesses: [State], from y: State, by h: Tensor,
    _ a: [[Double]]
  ) -> [State] where Field.State == State {
    let diagonal = a.indices.map { h * a[$0][$0] }
    return root(
      near: guesses, using: newton, preconditioner: preconditioner?.at(times, factors: diagonal)
    ) { z in
      let slopes = zip(times, z).map { f($0, $1) }
      return zip(z, a).map { z, row in z - y.stepped(by: h, row, slopes) }
    }
  }

  /// (1 - s ∂f/∂y)⁻¹ v at a time and a state.
  func filtered<Field: Dynamics>(
    _ vector: State, _ f: Field, at t: Tensor, _ y: State, by s: Tensor
  ) -> State where Field.State == State {
    // Linear, so that Newton's method takes one iteration.
    root(near: vector, using: newton, preconditioner: preconditioner?.at(t, factor: s)) { z in
      z - vector - s * jvp(at: y, along: z) { f(t, $0) }.derivative
    }
  }
}
