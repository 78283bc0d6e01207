import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// What a walk with steps of controlled size begins with.
  private struct Beginning {
    /// What is carried, of one sample; its leaves stand for those of all samples.
    var carry: Method.Carry
    var leaves: [Tensor]
    var firstSteps: Tensor
  }

  /// Records the walk with steps of controlled size.
  ///
  /// - Returns: the final state, the states at times, stacked leaf by leaf, and the number of the grid.
  func record(
    from y: State, at times: Tensor? = nil, _ adaptation: StepAdaptation<Method>
  ) -> (final: State, states: [Tensor], grid: Tensor?) {
    guard start != end else {
      let states = times.map { times in
        y.leaves.map { stack(Array(repeating: $0, count: times.count)) }
      }
      return (y, states ?? [], nil)
    }
    let samples = samples(of: y, adaptation)
    let beginning = begin(y, samples, adaptation)
    let state = method.state(of: beginning.carry)
    let dtype = y.leaves.first?.dtype ?? .float64
    let settings = GridSettings(
      scalar: dtype, samples: samples, timeCount: times?.count ?? 0,
      recording: recording(of: beginning.leaves), hasJumps: !adaptation.control.jumps.isEmpty)
    let result = AdaptiveLoop.record(
      from: beginning.leaves, firstSteps: beginning.firstSteps, times: times, settings,
      control(adaptation, beginning.carry),
      componentCount: state.leaves.reduce(0) { $0 + $1.count },
      probe: probe(settings, beginning.carry, beginning.leaves, adaptation),
      step: { time, h, leaves in
        step(at: time, from: beginning.carry.replacingLeaves(with: leaves), by: h, adaptation)
      },
      restart: { time, h, leaves in
        let state = method.state(of: beginning.carry.replacingLeaves(with: leaves))
        return method.start(dynamics, at: time, from: state, by: h).leaves
      })
    let final = method.state(of: beginning.carry.replacingLeaves(with: result.final))
    let states = result.emitted
    guard samples != nil else { return (final, states, result.grid) }
    // A sample has a leading axis of length 1.
    return (
      y.replacingLeaves(with: zip(final.leaves, y.leaves).map { $0.reshaped(to: $1.shape) }),
      zip(states, y.leaves).map { emitted, leaf in
        let order = [1, 0] + (2...leaf.rank + 1)
        let count = emitted.shape[1]
        return emitted.transposed(order).reshaped(to: Shape([count] + leaf.shape.dimensions))
      }, result.grid
    )
  }

  /// One step with what its control and the states within it ask for.
  func step(
    at time: Tensor, from carry: Method.Carry, by h: Tensor, _ adaptation: StepAdaptation<Method>
  ) -> GridStep {
    let attempt = adaptation.attempt(dynamics, time, carry, h)
    let errors = adaptation.squares(
      attempt.error, from: method.state(of: carry), to: method.state(of: attempt.next))
    var step = GridStep(next: attempt.next.leaves, dense: attempt.dense, errors: errors) {
      part, h, before, after, dense in
      let next = carry.replacingLeaves(with: after)
      let state = attempt.interpolate(
        dense, carry.replacingLeaves(with: before), next, part, h)
      // At the end of a step the state is the method's own, to the last bit.
      return zip(state.leaves, method.state(of: next).leaves).map { select(part .>= 1, $1, $0) }
    }
    step.between = { part, _, h, before, after, dense in
      let count = attempt.next.leaves.count
      let (before, after) = (before.prefix(count), after.prefix(count))
      return attempt.interpolate(
        dense, carry.replacingLeaves(with: Array(before)),
        carry.replacingLeaves(with: Array(after)), Tensor([part], shape: [], dtype: h.dtype), h
      ).leaves
    }
    return step
  }

  /// What limits steps where the flow is differentiated.
  func probe(
    _ settings: GridSettings, _ carry: Method.Carry, _ leaves: [Tensor],
    _ adaptation: StepAdaptation<Method>
  ) -> StabilityProbe? {
    let state = method.state(of: carry)
    guard adaptation.control.gradientSafe, let reach = adaptation.reach,
      dynamics.slope(at: Tensor(start), of: state) != nil
    else { return nil }
    let recorder = recorder
    return StabilityProbe(
      carrying: leaves.map(\.type), settings, reach: reach,
      report: StabilityReport { counts in
        recorder.update { $0.stability = StabilityLimits(counts) }
      },
      state: { leaves in
        let own = Array(leaves.prefix(carry.leaves.count))
        return method.state(of: carry.replacingLeaves(with: own)).leaves
      },
      slope: { time, leaves in
        (dynamics.slope(at: time, of: state.replacingLeaves(with: leaves)) ?? state).leaves
      })
  }

  // MARK: - Beginning

  private func samples(of y: State, _ adaptation: StepAdaptation<Method>) -> Int? {
    guard adaptation.control.samples == .independent else { return nil }
    let counts = Set(y.leaves.map { $0.shape.first ?? 0 })
    guard counts.count == 1, let count = counts.first, count > 0 else {
      fatalError("flow: a state of \(y.leaves.map(\.shape)) has no common axis of samples")
    }
    return count
  }

  private func begin(
    _ y: State, _ samples: Int?, _ adaptation: StepAdaptation<Method>
  ) -> Beginning {
    func begin(_ y: State) -> (carry: Method.Carry, firstStep: Tensor) {
      let dtype = y.leaves.first?.dtype ?? .float64
      let firstStep = adaptation.firstStep(dynamics, y, from: start, to: end)
      let h = (end < start ? -firstStep : firstStep).to(dtype)
      let time = Tensor([start], shape: [], dtype: dtype)
      return (method.start(dynamics, at: time, from: y, by: h), firstStep)
    }
    guard let samples else {
      let (carry, firstStep) = begin(y)
      return Beginning(carry: carry, leaves: carry.leaves, firstSteps: firstStep)
    }
    // Not at once for all: what a sample becomes must not depend on the others.
    let template = begin(y.mapLeaves { $0.slice(0..<1) }).carry
    let result = Loop.record(
      from: [], over: y.leaves.map { .stacked($0) }, count: samples,
      emittedKinds: Array(repeating: .stacked, count: template.leaves.count + 1)
    ) { _, elements in
      let (carry, firstStep) = begin(
        y.replacingLeaves(with: elements.map { $0.expanded(at: 0) }))
      return ([], carry.leaves + [firstStep])
    }
    let leaves = result.emitted.map { $0[0] }
    return Beginning(
      carry: template, leaves: leaves.dropLast(), firstSteps: leaves[leaves.count - 1])
  }
}

// MARK: - Control

extension Flow {
  /// What the adjoint records of steps, as far as that does not depend on the state.
  var recording: GridForm.Recording { recording(of: []) }

  /// What the adjoint records of steps between which tensors are carried.
  func recording(of leaves: [Tensor]) -> GridForm.Recording {
    guard let recording = strategy(carrying: leaves).recording else {
      fatalError(
        "flow: \(type(of: adjoint)) needs a fixed number of steps; use CheckpointedAdjoint")
    }
    return recording
  }

  /// Where steps lead and by which law, and what their failures are.
  func control(
    _ adaptation: StepAdaptation<Method>?, _ carry: Method.Carry
  ) -> AdaptiveControl {
    let paths = carry.leafList.paths
    let shapes = carry.leaves.map(\.shape)
    let (names, limit, steps) = (events.map(\.name), maximumEvents, steps)
    return AdaptiveControl(
      start: start, stops: stops(adaptation?.control ?? StepControl()),
      controller: (adaptation?.control ?? StepControl())
        .controller(errorOrder: adaptation?.errorOrder ?? 1),
      equalSteps: steps
    ) { failure in
      var failure = failure
      if failure.isOfEvent { failure.count = limit }
      let component =
        failure.isOfEvent ? names[failure.leaf] : Self.component(of: failure, paths, shapes)
      return IntegrationError(
        failure, component: component, time: failure.time, of: steps,
        stepSize: failure.stepSize)
    }
  }

  /// The times at which steps must end, in the order of the walk.
  private func stops(_ control: StepControl) -> [AdaptiveForm.Stop] {
    let direction = end < start ? -1.0 : 1
    let jumps = Set(control.jumps)
    let times = jumps.union(control.stepTo).union([end]).filter {
      ($0 - start) * direction > 0 && (end - $0) * direction >= 0
    }
    return times.sorted { ($1 - $0) * direction > 0 }.map {
      AdaptiveForm.Stop($0, isJump: jumps.contains($0))
    }
  }
}
