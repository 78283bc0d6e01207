import ThalwegKernels
import ThalwegTensors

/// What a closure returns, where it has the shape of the state it was given, leaf by leaf.
///
/// A number in place of a vector would be broadcast, and something else be integrated than was meant.
/// The shapes are compared while a step is traced, not in each step.
func shaped<State: TensorTree>(
  _ result: State, like y: State, _ closure: String = "the closure", _ role: String = "state"
) -> State {
  let (found, expected) = (result.leaves, y.leaves)
  require(
    found.count == expected.count,
    "dynamics: \(closure) returns \(found.count) tensors for a \(role) of \(expected.count)")
  for index in found.indices {
    require(
      found[index].shape == expected[index].shape,
      "dynamics: \(closure) returns shape \(found[index].shape)"
        + (found.count == 1 ? "" : " for \(y.leafList.paths[index])")
        + " for a \(role) of shape \(expected[index].shape)")
  }
  return result
}
