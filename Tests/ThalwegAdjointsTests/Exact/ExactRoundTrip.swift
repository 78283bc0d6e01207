import Thalweg

/// Many steps forth and the same steps undone, with every bit of what was carried.
struct ExactRoundTrip {
  /// The bits of what is carried at the start, at the end, and at the start again.
  let before: [[UInt64]]
  let middle: [[UInt64]]
  let after: [[UInt64]]
  let end: [[Double]]

  init<Method: ReversibleIntegrator>(
    of method: Method, _ field: Method.Field, from state: Method.Field.State, by size: Double,
    steps: Int
  ) throws {
    let dtype = state.leaves[0].dtype
    let h = Tensor([size], shape: [], dtype: dtype)
    let times = Tensor(
      (0..<steps).map { Double($0) * size }, shape: [steps], dtype: dtype)
    let travel = compile { (state: Method.Field.State) in
      let zero = Tensor.zeros([], dtype: dtype)
      let carry = method.start(field, at: zero, from: state, by: h, over: steps)
      let there = Loop.record(from: carry.leaves, over: [.stacked(times)], count: steps) {
        leaves, time in
        let next = method.step(field, at: time[0], from: carry.replacingLeaves(with: leaves), by: h)
        return (next.leaves, [])
      }
      let back = Loop.record(
        from: there.final, over: [.stacked(times)], count: steps, isReversed: true
      ) { leaves, time in
        let carry = carry.replacingLeaves(with: leaves)
        return (method.unstep(field, at: time[0], from: carry, by: h).leaves, [])
      }
      return carry.leaves + there.final + back.final
    }
    let results = try travel(state).map(\.values)
    let count = results.count / 3
    let bits = results.map { $0.map(\.bitPattern) }
    before = Array(bits[..<count])
    middle = Array(bits[count..<2 * count])
    after = Array(bits[(2 * count)...])
    end = Array(results[count..<2 * count])
  }
}

extension TensorTree {
  /// The bits of all numbers of the tree.
  var bits: [[UInt64]] { leaves.map { $0.values.map(\.bitPattern) } }
}
