import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

/// Many steps forth, and the same steps undone.
struct RoundTrip {
  /// The largest difference from what was carried at the start, relative to its largest number.
  let error: Double
  /// What was observed after each step on the way forth.
  let observations: [Double]

  init<Method: ReversibleIntegrator>(
    of method: Method, _ field: Method.Field, from state: Method.Field.State, to end: Double,
    steps: Int, observing observe: @escaping @Sendable (Method.Field.State) -> Tensor = { _ in 0 }
  ) throws {
    let size = end / Double(steps)
    let h = Tensor([size], shape: [])
    let times = Tensor((0..<steps).map { Double($0) * size })
    let travel = compile { (state: Method.Field.State) in
      let carry = method.start(field, at: 0, from: state, by: h)
      let there = Loop.record(
        from: carry.leaves, over: [.stacked(times)], count: steps, emittedKinds: [.stacked]
      ) { leaves, time in
        let next = method.step(field, at: time[0], from: carry.replacingLeaves(with: leaves), by: h)
        return (next.leaves, [observe(method.state(of: next))])
      }
      let back = Loop.record(
        from: there.final, over: [.stacked(times)], count: steps, isReversed: true
      ) { leaves, time in
        let carry = carry.replacingLeaves(with: leaves)
        return (method.unstep(field, at: time[0], from: carry, by: h).leaves, [])
      }
      return [there.emitted[0][0]] + carry.leaves + back.final
    }
    let results = try travel(state).map(\.values)
    let half = results.count / 2
    let (before, after) = (
      results[1...half].flatMap { $0 }, results[(half + 1)...].flatMap { $0 }
    )
    let difference = zip(before, after).map { ($0 - $1).magnitude }.reduce(0, maximumOrNaN)
    error = difference / before.map(\.magnitude).reduce(0, Swift.max)
    observations = results[0]
  }
}

/// The larger of two numbers, and NaN if one of them is.
func maximumOrNaN(_ a: Double, _ b: Double) -> Double {
  a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
}
