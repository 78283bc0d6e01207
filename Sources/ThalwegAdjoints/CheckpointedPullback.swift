import ThalwegKernels
import ThalwegTensors

/// The pullback of a loop that recomputes its states from checkpoints.
///
/// Inputs are the cotangents of the final carried tensors, the sums in which those of shared
/// tensors begin, the checkpoints, and then what the loop and its emitted cotangents were given.
/// Outputs are the cotangents of the initial carried tensors, the sums, and the wanted sequences.
struct CheckpointedPullback: Operation {
  private let form: Form
  private let budget: Int

  /// What is known when the pullback is asked for; compared by identity.
  private final class Form: Sendable {
    let request: LoopPullback
    let states: [Tensor]
    let sums: [Tensor]
    let emitted: [Tensor]
    /// One step, in terms of the placeholders above and of those of the loop's body.
    let step: (states: [Tensor], sums: [Tensor], scanned: [Tensor])

    init(_ request: LoopPullback) {
      self.request = request
      states = request.final.map { placeholder($0.type) }
      sums = request.sharedSums.map { placeholder($0.type) }
      emitted = zip(request.loop.body.emitted, request.emitted).compactMap { tensor, cotangents in
        cotangents.map { _ in placeholder(tensor.type) }
      }
      step = request.step(states: states, sums: sums, emitted: emitted)
    }
  }

  init(_ request: LoopPullback, budget: Int) {
    form = Form(request)
    self.budget = budget
  }

  var name: String { "checkpointed pullback" }

  static func == (a: Self, b: Self) -> Bool { a.form === b.form && a.budget == b.budget }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(form)) }

  // MARK: - Layout

  private var request: LoopPullback { form.request }
  private var loop: Loop { request.loop }
  private var carries: Int { loop.body.carry.count }

  func arguments(of request: LoopPullback) -> [Tensor] {
    request.final + request.sharedSums + request.keptStates + request.inputs
      + request.emitted.compactMap { $0 }.flatMap { $0 }
  }

  private var tapeStart: Int { carries + form.sums.count }
  private var inputStart: Int { tapeStart + carries }
  private var emittedStart: Int { inputStart + request.inputs.count }

  /// The cotangents of the wanted sequences among the outputs.
  private var sequenceRanges: [Range<Int>] {
    var position = tapeStart
    return zip(request.layout.scanned, request.wantsScanned).filter(\.1).map { range, _ in
      defer { position += range.count }
      return position..<position + range.count
    }
  }

  func assemble(_ results: [Tensor], _ request: LoopPullback) -> [Tensor?] {
    request.assemble(
      initial: Array(results.prefix(carries)), sums: Array(results[carries..<tapeStart]),
      scanned: sequenceRanges.map { Array(results[$0]) })
  }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    let sequences = zip(request.layout.scanned, request.wantsScanned).filter(\.1).flatMap {
      range, _ in range.map { request.inputs[$0].type }
    }
    return (form.states + form.sums).map(\.type) + sequences
  }

  // MARK: - Kernel

  func lower(_ context: KernelContext) {
    let schedule = CheckpointSchedule(steps: loop.count, budget: budget)
    let advance = Plan(inputs: loop.body.inputs, outputs: loop.body.next)
    let step = Plan(
      inputs: form.states + form.sums + loop.body.carry + loop.body.scanned + form.emitted
        + loop.body.shared,
      outputs: form.step.states + form.step.sums + form.step.scanned)
    let advances = schedule.actions.count { if case .advance = $0 { true } else { false } }
    context.countEvaluations(advances * advance.evaluations + loop.count * step.evaluations)
    context.builder.checkpointedPullback(
      advance: advanceForm(advance, context), pullback: pullbackForm(step, context),
      checkpoints: loop.body.carry.indices.map { context.consumed(tapeStart + $0) },
      schedule: loopOrder(schedule.actions),
      label: "checkpointed pullback × \(loop.count), budget \(budget)")
  }

  /// Sequences of a reversed loop are walked from their end.
  private func loopOrder(_ actions: [CheckpointAction]) -> [CheckpointAction] {
    guard loop.isReversed else { return actions }
    return actions.map { action in
      switch action {
      case .advance(let step): .advance(step: loop.count - 1 - step)
      case .pullback(let step): .pullback(step: loop.count - 1 - step)
      case .store, .restore: action
      }
    }
  }

  private func scanned(_ context: KernelContext) -> [LoopForm.Sequence] {
    zip(request.layout.scanned, zip(loop.scannedKinds, loop.body.scanned)).map { range, element in
      sequence(
        element.0, element.1.type, range.map { context.operand(inputStart + $0) })
    }
  }

  private func shared(_ context: KernelContext) -> [(Operand, DType)] {
    zip(request.layout.shared, loop.body.shared).map {
      (context.operand(inputStart + $0), $1.dtype)
    }
  }

  private func advanceForm(_ plan: Plan, _ context: KernelContext) -> LoopForm {
    let carried = loop.body.carry.enumerated().map { index, tensor in
      LoopForm.Carry(
        initial: context.operand(inputStart + index), result: nil, kept: nil, count: tensor.count,
        dtype: tensor.dtype)
    }
    return LoopForm(
      body: plan.program, iterations: loop.count, isReversed: false, carries: carried, kept: [],
      scanned: scanned(context), shared: shared(context), emitted: [], guarded: 0)
  }

  private func pullbackForm(_ plan: Plan, _ context: KernelContext) -> LoopForm {
    let carried = (form.states + form.sums).enumerated().map { index, tensor in
      LoopForm.Carry(
        initial: context.operand(index), result: context.result(index), kept: nil,
        count: tensor.count, dtype: tensor.dtype)
    }
    // The schedule binds these; the initial state stands in.
    let states = loop.body.carry.enumerated().map { index, tensor in
      LoopForm.Sequence.stacked(
        context.operand(inputStart + index), count: tensor.count, tensor.dtype)
    }
    let results = zip(sequenceRanges, zip(request.resultKinds, form.step.scanned)).map {
      range, element in
      sequence(element.0, element.1.type, range.map { context.result($0) })
    }
    return LoopForm(
      body: plan.program, iterations: loop.count, isReversed: false, carries: carried, kept: [],
      scanned: states + scanned(context) + emittedCotangents(context), shared: shared(context),
      emitted: results, guarded: 0)
  }

  private func emittedCotangents(_ context: KernelContext) -> [LoopForm.Sequence] {
    var position = emittedStart
    return zip(request.emitted, zip(loop.emittedKinds, loop.body.emitted)).compactMap {
      cotangents, element in
      guard let cotangents else { return nil }
      defer { position += cotangents.count }
      let operands = (position..<position + cotangents.count).map { context.operand($0) }
      return sequence(element.0, element.1.type, operands)
    }
  }

  private func sequence(
    _ kind: SequenceKind, _ type: TensorType, _ operands: [Operand]
  ) -> LoopForm.Sequence {
    kind == .stacked
      ? .stacked(operands[0], count: type.count, type.dtype) : .listed(operands, type.dtype)
  }

  // MARK: - Derivatives

  // The same numbers as the direct adjoint's, which is made of differentiable operations.

  func jvp(_ call: OperationCall, tangents: [Tensor?]) -> [Tensor?] {
    pushedForward(directly(call), tangents: tangents, from: call.inputs)
  }

  func vjp(_ call: OperationCall, cotangents: [Tensor?]) -> [Tensor?] {
    pulledBack(directly(call), cotangents: cotangents, to: call.inputs)
  }

  private func directly(_ call: OperationCall) -> [Tensor] {
    let inputs = Array(call.inputs[inputStart..<emittedStart])
    let direct = Loop(
      body: loop.body, count: loop.count, isReversed: loop.isReversed,
      scannedKinds: loop.scannedKinds, emittedKinds: loop.emittedKinds, watch: loop.watch)
    var emitted = call.inputs[emittedStart...]
    let again = LoopPullback(
      direct, inputs: inputs, final: Array(call.inputs.prefix(carries)),
      emitted: request.emitted.map { cotangents in
        cotangents.map { $0.indices.map { _ in emitted.removeFirst() } }
      },
      wantsScanned: request.wantsScanned, wantsShared: request.wantsShared)
    let results = DirectLoopAdjoint.shared.pullback(again)
    let sums = zip(request.layout.shared, request.wantsShared).filter(\.1).map { results[$0.0] }
    let sequences = zip(request.layout.scanned, request.wantsScanned).filter(\.1).flatMap {
      range, _ in range.map { results[$0] }
    }
    let initialSums = call.inputs[carries..<tapeStart]
    let summed = zip(sums, initialSums).map { sum, initial in sum.map { $0 + initial } ?? initial }
    let flat = Array(results.prefix(carries)) + summed.map(Optional.some) + sequences
    return zip(flat, call.outputs).map { $0 ?? .zeros($1.shape, dtype: $1.dtype) }
  }
}
