public import ThalwegDynamics
import ThalwegTensors

/// A state at which a residual vanishes.
///
///     let cubeRoot = root(near: Tensor([2.0])) { z in z * z * z - 5 }
///     let next = root(near: y) { z in z - y - h * f(t + h, z) }   // an implicit step
///
/// The residual may use anything of its surroundings, and the root is differentiable in all of that by
/// the implicit function theorem: a derivative solves one linear system, whatever the number of
/// iterations. The guess has no derivative.
///
/// - Cost: that of ``NewtonKrylov``; a derivative costs about as much as one of its iterations.
/// - Shapes: the residual has the shapes of the state.
/// - Errors: inside a flow or compiled function what ``NewtonKrylov`` says. Traps where everything has
///   values, so that the root is computed at once, and is not found.
/// - Source: C. T. Kelley, "Iterative Methods for Linear and Nonlinear Equations", SIAM, 1995,
///   doi:10.1137/1.9781611970944.
public func root<State: VectorSpace>(
  near guess: State, using solver: NewtonKrylov = NewtonKrylov(),
  preconditioner: Preconditioner<State>? = nil, _ residual: (State) -> State
) -> State {
  var approximation: (([Tensor], [Tensor]) -> [Tensor])?
  if let preconditioner {
    approximation = { point, vector in
      let (point, vector) = (
        guess.replacingLeaves(with: point), guess.replacingLeaves(with: vector)
      )
      return preconditioner.apply(point, vector).leaves
    }
  }
  let leaves = guess.leaves
  let result = Root.record(
    near: leaves, settings: solver.settings(for: leaves), preconditioner: approximation
  ) { residual(guess.replacingLeaves(with: $0)).leaves }
  return guess.replacingLeaves(with: result)
}
