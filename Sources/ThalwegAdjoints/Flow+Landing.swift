import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// What happened at the end of a leg.
  private struct Happening {
    var time: Tensor
    var happened: Tensor
    var before: State
    var after: State

    var tensors: [Tensor] { [time, happened] + before.leaves + after.leaves }
  }

  /// Whether there may be more than one event.
  var lastsBeyondEvents: Bool { events.contains { !$0.isTerminal } }
  private var direction: Double { end < start ? -1 : 1 }

  /// The way to the end over all events, recorded as part of a trace.
  func landed(from y: State) -> Landing<State> { landed(from: y, at: nil).landing }

  /// The same with the states at times in the order of the flow, stacked leaf by leaf.
  func landed(from y: State, at times: Tensor?) -> (landing: Landing<State>, states: [Tensor]) {
    guard start != end else {
      let states = times.map { times in
        y.leaves.map { stack(Array(repeating: $0, count: times.count)) }
      }
      return (landing(at: start, in: y, y, []), states ?? [])
    }
    let legCount = lastsBeyondEvents ? maximumEvents + 1 : 1
    let (template, firstStep) = begin(y)
    let first = EventLeg(
      template.leaves, at: start, firstStep: firstStep, events: events.count,
      left: lastsBeyondEvents ? maximumEvents : 1,
      states: times.map { times in
        y.leaves.map { .zeros(Shape([times.count] + $0.shape.dimensions), dtype: $0.dtype) }
      } ?? [])
    guard legCount > 1 else {
      let (last, happening) = go(first, template, times)
      return landing(last, template, y, [happening.tensors], times)
    }
    let result = Loop.record(
      from: first.tensors, over: [], count: legCount,
      emittedKinds: Array(repeating: .stacked, count: 2 + 2 * y.leaves.count),
      adjoint: strategy.loop
    ) { tensors, _ in
      let (next, happening) = go(first.replacing(tensors), template, times)
      return (next.tensors, happening.tensors)
    }
    // Behind the last event that may be there is none.
    let rows = (0..<maximumEvents).map { index in result.emitted.map { $0[0][index] } }
    return landing(first.replacing(result.final), template, y, rows, times)
  }

  private func begin(_ y: State) -> (carry: Method.Carry, firstStep: Tensor) {
    let dtype = y.leaves.first?.dtype ?? .float64
    let firstStep =
      adaptation?.firstStep(dynamics, y, from: start, to: end)
      ?? Tensor([abs(stepSize)], shape: [])
    let h = (direction * firstStep).to(dtype)
    let time = Tensor([start], shape: [], dtype: dtype)
    return (method.start(dynamics, at: time, from: y, by: h), firstStep)
  }

  private func landing(
    _ last: EventLeg, _ template: Method.Carry, _ y: State, _ rows: [[Tensor]], _ times: Tensor?
  ) -> (landing: Landing<State>, states: [Tensor]) {
    let state = method.state(of: template.replacingLeaves(with: last.carry))
    var states = last.states
    if let times {
      // Where a flow has ended it rests.
      states = chosen(reached(times, last.time), state.leaves, states)
    }
    return (landing(at: last.time, in: state, y, rows), states)
  }

  /// A landing from the tensors of happenings, of which some did not happen.
  private func landing(
    at time: Tensor, in state: State, _ y: State, _ rows: [[Tensor]]
  ) -> Landing<State> {
    let names = events.map(\.name)
    let dtype = y.leaves.first?.dtype ?? .float64
    let count = y.leaves.count
    let occurrences = rows.map { row in
      let isReal = max(row[1])
      func chosen(_ leaves: ArraySlice<Tensor>) -> State {
        y.replacingLeaves(
          with: zip(leaves, state.leaves).map { select(isReal.to($0.dtype), $0, $1) })
      }
      return Occurrence(
        time: select(isReal, row[0], time).to(dtype), before: chosen(row[2..<2 + count]),
        after: chosen(row[(2 + count)...]), happened: row[1], names: names)
    }
    let happened = rows.map { max($0[1]) }
    return Landing(
      time: time.to(dtype), state: state,
      count: happened.dropFirst().reduce(happened.first ?? .zeros([]), +),
      occurrences: occurrences)
  }

  private func landing(at time: Double, in state: State, _ y: State, _ rows: [[Tensor]])
    -> Landing<State>
  {
    landing(at: Tensor([time], shape: []), in: state, y, rows)
  }

  // MARK: - Legs

  /// The way to the next event, or to the end, and over the event.
  private func go(
    _ leg: EventLeg, _ template: Method.Carry, _ times: Tensor?
  ) -> (next: EventLeg, happening: Happening) {
    let walk = walk(leg, template, times)
    let report = stopGradient(walk.found)
    let found = (time: report[0], size: report[1], condition: report[2])
    let carry = template.replacingLeaves(with: walk.carry)
    let dtype = walk.offset.dtype
    // The ends of steps count as given, except where the first begins.
    let moved = found.time + walk.offset.to(.float64)
    let size = stepSize(
      found.size.to(dtype), to: found.condition, from: carry, at: moved.to(dtype))
    let time = moved + size.to(.float64)
    let step = eventStep(at: moved.to(dtype), from: carry, by: size)
    let before = method.state(of: template.replacingLeaves(with: step.next))
    let flags = report.slice(EventForm.foundCount..<EventForm.foundCount + events.count)
    var after = before
    for (index, event) in events.enumerated() {
      let changed = event.state(after: after, at: time.to(dtype))
      after = after.zipLeaves(changed) { select(flags[index].to($0.dtype), $1, $0) }
    }
    let happens = found.condition .>= 0
    let h = (direction * report[3]).to(dtype)
    let begun = method.start(dynamics, at: time.to(dtype), from: after, by: h)
    let ends = max(flags * Tensor(events.map { $0.isTerminal ? 1 : 0 }))
    var next = leg
    next.carry = zip(begun.leaves, carry.leaves).map { select(happens.to($0.dtype), $0, $1) }
    next.time = select(happens, time, select(leg.isGoing, Tensor([end], shape: []), leg.time))
    next.firstStep = report[3]
    next.leaving = flags
    next.isGoing = happens * (1 - ends)
    next.left = leg.left - happens
    if let times {
      let within = states(in: step, from: carry, at: (moved, size), happens, times)
      let isWithin = happens * reached(times, found.time)
      let found = chosen(isWithin, within, walk.states)
      next.states = chosen(leg.isGoing * reached(times, leg.time), found, leg.states)
    }
    return (next, Happening(time: time, happened: flags, before: before, after: after))
  }
}
