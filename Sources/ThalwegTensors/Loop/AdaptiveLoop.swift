package import ThalwegKernels

/// Where a walk with steps of controlled size leads, by which law, and what its failures are.
package final class AdaptiveControl: Sendable {
  package let start: Double
  /// The times at which steps must end, in the order of the walk; the last one is the end.
  package let stops: [AdaptiveForm.Stop]
  package let controller: StepController
  /// The number of equal steps; 0 where their size is controlled.
  package let equalSteps: Int
  package let error: @Sendable (LoopFailure) -> any Error

  package init(
    start: Double, stops: [AdaptiveForm.Stop], controller: StepController, equalSteps: Int = 0,
    error: @escaping @Sendable (LoopFailure) -> any Error
  ) {
    self.start = start
    self.stops = stops
    self.controller = controller
    self.equalSteps = equalSteps
    self.error = error
  }
}

/// A function applied again and again, each time over a step that is as long as its error allows.
///
/// Inputs and outputs are those of ``GridLayout``, with the sizes of the first steps as head, what the
/// probe shares behind them, and the numbers of the tapes of the grid and of the states. The steps taken
/// count as given: derivatives are those of the walk over the grid that was recorded. Where there are
/// any, the probe keeps steps short enough.
///
/// With events the head is that of ``EventForm``, what conditions share comes last among the inputs,
/// and what was found last among the outputs; the walk ends before the step in which there is one.
package struct AdaptiveLoop: Operation {
  let body: GridBody
  var watch: EventWatch?
  let control: AdaptiveControl
  /// How many components of the state have errors.
  let componentCount: Int
  /// What limits steps where the walk is differentiated.
  let probe: StabilityProbe?

  package var name: String { "adaptive loop" }

  package static func == (a: AdaptiveLoop, b: AdaptiveLoop) -> Bool {
    a.body === b.body && a.control === b.control
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(body)) }

  private var layout: GridLayout { GridLayout(body: body) }

  package func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    layout.outputTypes + [GridLayout.numberType, GridLayout.numberType]
      + (watch.map { [body.settings.outside($0.foundType)] } ?? [])
  }

  package func lower(_ context: KernelContext) {
    let sentinels = body.next.map { tensor in
      tensor.count >= Fusion.largeCount ? Watch().recorded(on: [tensor]).output(0) : nil
    }
    var (grid, lines) = body.form(
      context, computing: body.errors + sentinels.compactMap { $0 },
      keepsDense: watch?.needsDense ?? false)
    let numbers = layout.numbers
    if context.isUsed(numbers) { grid.gridNumber = context.result(numbers) }
    if context.isUsed(numbers + 1) { grid.stateNumber = context.result(numbers + 1) }
    var form = AdaptiveForm(
      grid: grid, errors: body.errors.map(\.dtype), componentCount: componentCount,
      hasSentinel: sentinels.map { $0 != nil }, firstSteps: context.operand(0),
      start: control.start, stops: control.stops, controller: control.controller)
    form.equalSteps = control.equalSteps
    // Whoever asks for the grid differentiates over it.
    if let probe, context.isUsed(numbers) || context.isUsed(numbers + 1) {
      let (stability, moreLines) = probe.form(context, sharedFrom: layout.shared.upperBound)
      form.stability = stability
      lines += moreLines
    }
    if let watch {
      let place = numbers + 2
      let count = context.outputTypes[place].count
      let found =
        context.isUsed(place)
        ? context.result(place)
        : Operand(context.builder.temporary(count: count, dtype: .float64))
      let (events, more) = watch.form(
        context, sharedFrom: layout.shared.upperBound + (probe?.outside.count ?? 0),
        found: found)
      form.events = events
      lines += more
    }
    context.builder.adaptiveLoop(form, label: "\(name)\(lines)", error: control.error)
  }

  package func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    let grid = call.outputs[layout.numbers]
    return GridTangent(body, call.inputs, over: grid).outputs(tangents)
      + call.outputs[layout.numbers...].map { _ in nil }
  }

  package func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    let numbers = Array(call.outputs[layout.numbers...])
    return GridPullback.cotangents(
      body, call, over: (grid: numbers[0], states: numbers[1]), from: cotangents)
  }
}

/// What a walk over a grid returned.
package struct GridResult: Sendable {
  package let final: [Tensor]
  package let emitted: [Tensor]
  /// The number of the grid that was recorded.
  package let grid: Tensor
  /// What ``EventForm`` says of events, where they were looked for.
  package let found: Tensor?
}

extension AdaptiveLoop {
  /// Records a loop whose steps are traced here; they may use any tensor of the surroundings.
  ///
  /// `firstSteps` are the sizes of the first steps, without sign, in double precision, and `times`
  /// those of the emissions in the order of the walk.
  package static func record(
    from initial: [Tensor], firstSteps: Tensor, times: Tensor?, _ settings: GridSettings,
    _ control: AdaptiveControl, componentCount: Int, probe: StabilityProbe?,
    events: EventConditions? = nil, step: (Tensor, Tensor, [Tensor]) -> GridStep,
    restart: (Tensor, Tensor, [Tensor]) -> [Tensor]
  ) -> GridResult {
    var settings = settings
    settings.failures = LoopGuard(count: 0, error: control.error)
    var traced: GridStep?
    let (body, outside) = GridBody.trace(
      initial.map { settings.inside($0.type) }, settings,
      step: { time, size, carry in
        let made = step(time, size, carry)
        traced = made
        return made
      }, restart: restart)
    var loop = AdaptiveLoop(
      body: body, control: control, componentCount: componentCount, probe: probe)
    var ofEvents: [Tensor] = []
    if let events, let traced { (loop.watch, ofEvents) = EventWatch.trace(events, body, traced) }
    let layout = GridLayout(body: body)
    let inputs = layout.inputs(
      head: firstSteps, times: times, initial: initial, shared: outside)
    let results = loop.recorded(on: inputs + (probe?.outside ?? []) + ofEvents).outputs
    return GridResult(
      final: Array(results[layout.final]), emitted: Array(results[layout.emitted]),
      grid: results[layout.numbers], found: events == nil ? nil : results[layout.numbers + 2])
  }
}
