import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// The way to the step in which there is an event, or to the end.
  struct EventWalk {
    /// What the method carries there.
    var carry: [Tensor]
    /// By how much the last step ends later than it did: 0, and moved where no step was taken.
    var offset: Tensor
    /// What ``EventForm`` says of the event.
    var found: Tensor
    /// The states at times as far as they lie on the way.
    var states: [Tensor]
  }

  /// Records the steps of a leg.
  ///
  /// The ends of steps count as given. The first step begins where the last leg ended, at a time that
  /// depends on what is differentiated by, so that it is shorter by as much as it begins later.
  func walk(_ leg: EventLeg, _ template: Method.Carry, _ times: Tensor?) -> EventWalk {
    let dtype = leg.carry.first?.dtype ?? .float64
    let offset = (leg.time - stopGradient(leg.time)).to(dtype)
    let settings = GridSettings(
      scalar: dtype, samples: nil, timeCount: times?.count ?? 0, recording: recording,
      hasJumps: !(adaptation?.control.jumps.isEmpty ?? true))
    // Legs are walked again in a gradient, and must be the same.
    let limits =
      lastsBeyondEvents
      ? nil : adaptation.flatMap { probe(settings, template, leg.carry + [offset], $0) }
    let count = leg.carry.count
    func carry(_ leaves: [Tensor]) -> Method.Carry {
      template.replacingLeaves(with: Array(leaves.prefix(count)))
    }
    let result = AdaptiveLoop.record(
      from: leg.carry + [offset], firstSteps: leg.head(end: end), times: times, settings,
      control(adaptation, template),
      componentCount: method.state(of: template).leaves.reduce(0) { $0 + $1.count },
      probe: limits, events: conditions(template),
      step: { time, h, leaves in
        let (carry, offset) = (carry(leaves), leaves[count])
        var step = eventStep(at: time + offset, from: carry, by: h - offset)
        step.next.append(0 * offset)
        step.interpolate = { [interpolate = step.interpolate] part, h, before, after, dense in
          // Of a step that begins later, another part has passed.
          let rest = h - before[count]
          return interpolate(
            part + before[count] * (part - 1) / rest, rest, Array(before.prefix(count)),
            Array(after.prefix(count)), dense)
        }
        return step
      },
      restart: { time, h, leaves in
        let state = method.state(of: carry(leaves))
        return method.start(dynamics, at: time, from: state, by: h).leaves + [leaves[count]]
      })
    return EventWalk(
      carry: Array(result.final.prefix(count)), offset: result.final[count],
      found: result.found ?? .zeros([EventForm.foundCount + events.count]),
      states: result.emitted)
  }

  /// One step with the states within it.
  func eventStep(at time: Tensor, from carry: Method.Carry, by h: Tensor) -> GridStep {
    adaptation.map { step(at: time, from: carry, by: h, $0) }
      ?? equalStep(at: time, from: carry, by: h)
  }

  /// One of equal steps, between whose ends there is a cubic where the equation is of first order.
  private func equalStep(
    at time: Tensor, from carry: Method.Carry, by h: Tensor
  ) -> GridStep {
    let next = method.step(dynamics, at: time, from: carry, by: h)
    let count = next.leaves.count
    var step = GridStep(next: next.leaves, dense: [], errors: []) { _, _, _, _, _ in [] }
    let y = method.state(of: carry)
    guard dynamics is any Dynamics, let first = dynamics.slope(at: time, of: y),
      let last = dynamics.slope(at: time + h, of: method.state(of: next))
    else { return step }
    func state(_ leaves: [Tensor]) -> State {
      method.state(of: carry.replacingLeaves(with: Array(leaves.prefix(count))))
    }
    step.dense = first.leaves + last.leaves
    step.interpolate = { part, h, before, after, dense in
      let half = dense.count / 2
      let slopes = (
        y.replacingLeaves(with: Array(dense.prefix(half))),
        y.replacingLeaves(with: Array(dense.suffix(half)))
      )
      return Self.cubic(part, h, state(before), state(after), slopes).leaves
    }
    step.between = { [interpolate = step.interpolate] part, _, h, before, after, dense in
      interpolate(Tensor([part], shape: [], dtype: h.dtype), h, before, after, dense)
    }
    return step
  }

  /// The cubic through two states with given slopes.
  private static func cubic(
    _ x: Tensor, _ h: Tensor, _ y: State, _ y₁: State, _ slopes: (State, State)
  ) -> State {
    let rest = 1 - x
    let values = ((1 + 2 * x) * rest * rest) * y + (x * x * (3 - 2 * x)) * y₁
    return values + ((h * x * rest * rest) * slopes.0 - (h * x * x * rest) * slopes.1)
  }

  // MARK: - Conditions

  private func conditions(_ template: Method.Carry) -> EventConditions {
    let count = template.leaves.count
    let state = method.state(of: template)
    return EventConditions(
      passages: events.map(\.direction.passages), partCount: 4,
      state: { leaves in
        method.state(of: template.replacingLeaves(with: Array(leaves.prefix(count)))).leaves
      },
      values: { time, leaves in
        stack(values(at: time, of: state.replacingLeaves(with: leaves))).to(.float64)
      },
      rates: { time, leaves in
        let carry = template.replacingLeaves(with: Array(leaves.prefix(count)))
        return stack(rates(at: time, of: carry)).to(.float64)
      })
  }

  private func values(at time: Tensor, of y: State) -> [Tensor] {
    events.map { $0.value(at: time, of: y) }
  }

  /// The derivatives of conditions in time along the flow.
  private func rates(at time: Tensor, of carry: Method.Carry) -> [Tensor] {
    let y = method.state(of: carry)
    let one = Tensor([1], shape: [], dtype: time.dtype)
    let zero = Tensor([0], shape: [], dtype: time.dtype)
    func filled(_ rates: [Tensor?]) -> [Tensor] { rates.map { $0 ?? zero } }
    if let slope = dynamics.slope(at: time, of: y) {
      let tangents = [one] + slope.leaves
      return filled(
        pushedForward(
          values(at: time, of: y), tangents: tangents, from: [time] + y.leaves))
    }
    // Where nobody says what the slope is, a step of no length does.
    let h = placeholder(time.type)
    let next = method.state(of: method.step(dynamics, at: time, from: carry, by: h))
    let rates = pushedForward(values(at: time + h, of: next), tangents: [one], from: [h])
    var rewriter = GraphRewriter(replacing: [(h, zero)])
    return rewriter.rewrite(filled(rates))
  }

  /// The size of the step at whose end a condition is zero, which is known, as the function that its
  /// being zero makes it.
  func stepSize(
    _ known: Tensor, to condition: Tensor, from carry: Method.Carry, at time: Tensor
  ) -> Tensor {
    let direct = LinearSettings(.direct, tolerance: 1e-12, maximumIterations: 1)
    let settings = RootSettings(
      newton: NewtonSettings(tolerance: 1e-12, absolute: nil, maximumIterations: 1),
      linear: direct, derivative: direct, isFound: true,
      error: SolverError { _ in
        IntegrationError(
          .tangentialEvent, time: .nan, step: 0, of: 0, stepSize: .nan, norm: .nan)
      })
    return Root.record(near: [known], settings: settings) { unknown in
      let h = unknown[0]
      let y = method.state(of: method.step(dynamics, at: time, from: carry, by: h))
      // Where there is no event the size is the known one.
      var residual = h - known
      for (index, value) in values(at: time + h, of: y).enumerated() {
        let isThis = (condition .== Tensor(Double(index))).to(value.dtype)
        residual = select(isThis, value, residual)
      }
      return [residual]
    }[0]
  }
}

extension EventDirection {
  fileprivate var passages: EventForm.Passage {
    switch self {
    case .rising: .rising
    case .falling: .falling
    case .either: [.rising, .falling]
    }
  }
}
