import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// The final state, recorded as part of a trace.
  func recorded(from y: State) -> State {
    guard let backsolve = strategy.backsolve else { return integrated(from: y) }
    let end = end
    return backsolved(from: y, [end], backsolve) { flow, y in [flow.integrated(from: y)] }[0]
  }

  /// States at times, recorded as part of a trace.
  func recorded(
    from y: State, at times: [Double], _ states: @escaping @Sendable (Self, State) -> [State]
  ) -> [State] {
    strategy.backsolve.map { backsolved(from: y, times, $0, states) } ?? states(self, y)
  }

  private func integrated(from y: State) -> State {
    guard events.isEmpty else { return landed(from: y).state }
    return adaptation.map { record(from: y, $0).final } ?? record(from: y, keepsStates: false).final
  }

  /// States at times, as a function of a flow and a state, whose gradient is found by integrating
  /// backwards in time.
  func backsolved(
    from y: State, _ times: [Double], _ backsolve: @escaping AdjointStrategy<Method>.Backsolve,
    _ states: @escaping @Sendable (Self, State) -> [State]
  ) -> [State] {
    require(!isStaged, "flow: \(type(of: adjoint)) needs one field for all steps")
    let stateCount = y.leaves.count
    @Sendable func parts(_ leaves: [Tensor]) -> (flow: Self, state: State) {
      (
        replacingLeaves(with: Array(leaves.dropFirst(stateCount))),
        y.replacingLeaves(with: Array(leaves.prefix(stateCount)))
      )
    }
    let leaves = CustomDerivative.record(of: y.leaves + leaves) { variables in
      let (flow, y) = parts(variables)
      return states(flow, y).flatMap(\.leaves)
    } pullback: { variables, values, cotangents in
      let (flow, y) = parts(variables)
      return flow.pulledBack(y, times, values, cotangents, backsolve)
    }
    return times.indices.map { index in
      y.replacingLeaves(
        with: Array(leaves[index * stateCount..<(index + 1) * stateCount]))
    }
  }

  /// The cotangents of the initial state and of the parameters from those of states at times.
  private func pulledBack(
    _ y: State, _ times: [Double], _ values: [Tensor], _ cotangents: [Tensor?],
    _ backsolve: AdjointStrategy<Method>.Backsolve
  ) -> [Tensor?] {
    let direction = end < start ? -1.0 : 1
    let stateCount = y.leaves.count
    let zeros = y.leaves.map { Tensor.zeros($0.shape, dtype: $0.dtype) }
    var carried = AdjointState(
      state: y, cotangent: y.replacingLeaves(with: zeros),
      sums: leaves.map { .zeros($0.shape, dtype: $0.dtype) })
    var time = end
    let latestFirst = times.indices.sorted { (times[$0] - times[$1]) * direction > 0 }
    for (place, index) in latestFirst.enumerated() {
      let range = index * stateCount..<(index + 1) * stateCount
      if place > 0, time != times[index] {
        carried = backsolve(dynamics, time, times[index], carried)
      }
      time = times[index]
      carried.state = y.replacingLeaves(with: Array(values[range]))
      carried.cotangent = carried.cotangent.replacingLeaves(
        with: zip(carried.cotangent.leaves, cotangents[range]).map { sum, term in
          term.map { sum + $0 } ?? sum
        })
    }
    if time != start { carried = backsolve(dynamics, time, start, carried) }
    return (carried.cotangent.leaves + carried.sums).map(Optional.some)
  }
}
