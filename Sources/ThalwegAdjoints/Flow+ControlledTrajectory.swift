import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// The states at times in any order, with steps of controlled size or with events.
  func trajectory(
    from y: State, at times: [Double], _ adaptation: StepAdaptation<Method>?
  ) throws(IntegrationError) -> Trajectory<State> {
    guard !times.isEmpty else {
      _ = try self(y)
      return Trajectory(times: [], states: [], statistics: statistics)
    }
    let direction = end < start ? -1.0 : 1
    let order = times.indices.sorted { (times[$1] - times[$0]) * direction > 0 }
    let sorted = order.map { times[$0] }
    let states: [State]
    if strategy.backsolve == nil {
      states = try run(y, trajectoryPlans, with: [Tensor(sorted)]) { flow, y, others in
        flow.states(from: y, at: others[0], adaptation)
      }
    } else {
      states = try run(y, trajectoryPlans, constants: sorted) { flow, y, _ in
        flow.recorded(from: y, at: sorted) { flow, y in
          flow.states(from: y, at: Tensor(sorted), adaptation)
        }
      }
    }
    var places = order
    for (place, index) in order.enumerated() { places[index] = place }
    return Trajectory(times: times, states: places.map { states[$0] }, statistics: statistics)
  }

  private func states(
    from y: State, at times: Tensor, _ adaptation: StepAdaptation<Method>?
  ) -> [State] {
    let stacked =
      if events.isEmpty, let adaptation {
        record(from: y, at: times, adaptation).states
      } else {
        landed(from: y, at: times).states
      }
    return (0..<times.count).map { place in
      y.replacingLeaves(with: stacked.map { $0[place] })
    }
  }

  /// The times at which steps begin, and the end.
  func grid(
    from y: State, _ adaptation: StepAdaptation<Method>
  ) throws(IntegrationError) -> [Double] {
    guard start != end else { return [start] }
    require(
      adaptation.control.samples == .together,
      "trajectory: each sample has steps of its own; ask for the states at given times")
    require(
      !(y.leaves + leaves).contains(where: \.isSymbolic),
      "trajectory: the steps are not known while a function is traced; ask for given times")
    // Its grid is wanted for itself, and not for a gradient.
    var adaptation = adaptation
    adaptation.control.gradientSafe = false
    do {
      let leaves = settled(y.leaves + leaves)
      let stateCount = y.leaves.count
      let entry = try gridPlans.entry(for: leaves) { leaves in
        let flow = replacingLeaves(with: Array(leaves.dropFirst(stateCount)))
        let start = y.replacingLeaves(with: Array(leaves.prefix(stateCount)))
        return [flow.record(from: start, adaptation).grid].compactMap { $0 }
      }
      let (numbers, grids) = try entry.plan.runRecording(leaves)
      return grids[Int(numbers[0].scalar)]
    } catch let error as IntegrationError {
      throw error
    } catch let error as RootError {
      throw beginningError(error, y)
    } catch {
      fatalError("flow: \(error)")
    }
  }
}
