import ThalwegKernels
import ThalwegTensors

/// The pullback of a loop that recomputes its states from checkpoints.
///
/// Inputs are the cotangents of the final carried tensors, the sums in which those of shared
/// tensors begin, the checkpoints, and then what the loop and its emitted cotangents were given.
/// Outputs are the cotangents of the initial carried tensors, the sums, and the wanted sequences.
struct CheckpointedPullback: Operation {
  let form: Form
  private let budget: Int

  /// What is known when the pullback is asked for; compared by identity.
  final class Form: Sendable {
    let request: LoopPullback
    /// An iteration of the loop, of what it carries, scans and shares.
    let advance: Region
    /// The pullback of an iteration: of cotangents, sums, the loop's carried and scanned tensors,
    /// emitted cotangents, and the shared tensors.
    let step: Region
    let sums: Int

    init(_ request: LoopPullback) {
      self.request = request
      let body = request.loop.body
      let states = request.final.map { placeholder($0.type) }
      let sums = request.sharedSums.map { placeholder($0.type) }
      let emitted = zip(body.emitted, request.emitted).compactMap { tensor, cotangents in
        cotangents.map { _ in placeholder(tensor.type) }
      }
      let pulled = request.step(states: states, sums: sums, emitted: emitted)
      let isExact = request.loop.watch?.isExact ?? false
      advance = Region(
        inputs: body.inputs, outputs: body.next, runs: request.loop.count, isUniform: isExact)
      step = Region(
        inputs: states + sums + body.carry + body.scanned + emitted + body.shared,
        outputs: pulled.states + pulled.sums + pulled.scanned, runs: request.loop.count,
        isUniform: isExact)
      self.sums = sums.count
    }

    init(_ form: Form, advance: Region, step: Region) {
      request = form.request
      self.advance = advance
      self.step = step
      sums = form.sums
    }
  }

  init(_ request: LoopPullback, budget: Int) {
    form = Form(request)
    self.budget = budget
  }

  /// The same pullback through other graphs.
  init(_ other: Self, advance: Region, step: Region) {
    form = Form(other.form, advance: advance, step: step)
    budget = other.budget
  }

  var name: String { "checkpointed pullback" }

  static func == (a: Self, b: Self) -> Bool { a.form === b.form && a.budget == b.budget }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(form)) }

  // MARK: - Layout

  var request: LoopPullback { form.request }
  var loop: Loop { request.loop }
  var carries: Int { loop.body.carry.count }

  func arguments(of request: LoopPullback) -> [Tensor] {
    request.final + request.sharedSums + request.keptStates + request.inputs
      + request.emitted.compactMap { $0 }.flatMap { $0 }
  }

  var tapeStart: Int { carries + form.sums }
  var inputStart: Int { tapeStart + carries }
  private var emittedStart: Int { inputStart + request.inputs.count }

  /// The cotangents of the wanted sequences among the outputs.
  var sequenceRanges: [Range<Int>] {
    var position = tapeStart
    return zip(request.layout.scanned, request.wantsScanned).filter(\.1).map { range, _ in
      defer { position += range.count }
      return position..<position + range.count
    }
  }

  /// The emitted cotangents among the inputs.
  var emittedRanges: [Range<Int>] {
    var position = emittedStart
    return request.emitted.compactMap { $0 }.map { cotangents in
      defer { position += cotangents.count }
      return position..<position + cotangents.count
    }
  }

  func assemble(_ results: [Tensor], _ request: LoopPullback) -> [Tensor?] {
    request.assemble(
      initial: Array(results.prefix(carries)), sums: Array(results[carries..<tapeStart]),
      scanned: sequenceRanges.map { Array(results[$0]) })
  }

  func outputTypes(of inputs: [TensorType]) -> [TensorType] {
    let sequences = zip(sequenceRanges, zip(request.resultKinds, form.step.outputs[tapeStart...]))
      .flatMap { range, element in
        let type = element.1.type
        let stacked = TensorType(Shape([loop.count] + type.shape.dimensions), type.dtype)
        return range.map { _ in element.0 == .stacked ? stacked : type }
      }
    return form.step.outputs.prefix(tapeStart).map(\.type) + sequences
  }

  // MARK: - Kernel

  func lower(_ context: KernelContext) {
    let schedule = CheckpointSchedule(steps: loop.count, budget: budget)
    let advance = Plan(form.advance)
    let step = Plan(form.step)
    let advances = schedule.actions.count { if case .advance = $0 { true } else { false } }
    context.countEvaluations(advances * advance.evaluations + loop.count * step.evaluations)
    let lines = [("advance", advance), ("pull back", step)].flatMap { title, plan in
      ["\n     \(title)"] + plan.program.listing.map { "\n       \($0)" }
    }
    context.builder.checkpointedPullback(
      advance: advanceForm(advance, context), pullback: pullbackForm(step, context),
      checkpoints: loop.body.carry.indices.map { context.consumed(tapeStart + $0) },
      schedule: loopOrder(schedule.actions),
      label: "checkpointed pullback × \(loop.count), budget \(budget)\(lines.joined())",
      error: loop.watch?.error)
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
    zip(request.layout.scanned, zip(loop.scannedKinds, form.advance.inputs[carries...])).map {
      range, element in
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
    let carried = form.advance.inputs.prefix(carries).enumerated().map { index, tensor in
      LoopForm.Carry(
        initial: context.operand(inputStart + index), result: nil, kept: nil, count: tensor.count,
        dtype: tensor.dtype)
    }
    return LoopForm(
      body: plan.program, iterations: loop.count, isReversed: false, carries: carried, kept: [],
      scanned: scanned(context), shared: shared(context), emitted: [], guarded: 0)
  }

  private func pullbackForm(_ plan: Plan, _ context: KernelContext) -> LoopForm {
    let carried = form.step.inputs.prefix(tapeStart).enumerated().map { index, tensor in
      LoopForm.Carry(
        initial: context.operand(index), result: context.result(index), kept: nil,
        count: tensor.count, dtype: tensor.dtype)
    }
    // The schedule binds these; the initial state stands in.
    let states = form.advance.inputs.prefix(carries).enumerated().map { index, tensor in
      LoopForm.Sequence.stacked(
        context.operand(inputStart + index), count: tensor.count, tensor.dtype)
    }
    let results = zip(sequenceRanges, zip(request.resultKinds, form.step.outputs[tapeStart...]))
      .map { range, element in
        sequence(element.0, element.1.type, range.map { context.result($0) })
      }
    return LoopForm(
      body: plan.program, iterations: loop.count, isReversed: false, carries: carried, kept: [],
      scanned: states + scanned(context) + emittedCotangents(context), shared: shared(context),
      emitted: results, guarded: 0)
  }

  private func emittedCotangents(_ context: KernelContext) -> [LoopForm.Sequence] {
    let kinds = zip(request.emitted, loop.emittedKinds).compactMap { $0 == nil ? nil : $1 }
    let start = inputStart + request.loop.body.scanned.count
    return zip(emittedRanges, zip(kinds, form.step.inputs[start...])).map { range, element in
      sequence(element.0, element.1.type, range.map { context.operand($0) })
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
