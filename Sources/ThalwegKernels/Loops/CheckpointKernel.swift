import CThalwegKernels

/// What a checkpointed pullback does next.
package enum CheckpointAction: Hashable, Sendable {
  /// Advances the working state from a step to the next.
  case advance(step: Int)
  /// Writes the working state into a checkpoint.
  case store(checkpoint: Int)
  /// Makes a checkpoint the working state; -1 is the initial state.
  case restore(checkpoint: Int)
  /// Pulls the cotangent back through a step whose initial state is the working state.
  case pullback(step: Int)
}

extension ProgramBuilder {
  /// Appends a pullback that recomputes states from checkpoints by a schedule.
  ///
  /// `pullback` carries the cotangents; the first of its scanned buffers are the carried buffers
  /// of `advance`, which the schedule provides. The checkpoints are overwritten.
  ///
  /// - Errors: where the equations of a step cannot be solved, the program stops with what `error`
  ///   makes of that.
  package mutating func checkpointedPullback(
    advance: LoopForm, pullback: LoopForm, checkpoints: [Operand], schedule: [CheckpointAction],
    label: String, error: (@Sendable (LoopFailure) -> any Error)?
  ) {
    let (forward, forwardFrame) = image(of: advance)
    let (backward, backwardFrame) = image(of: pullback)
    let header = arguments.store(
      CheckpointImage(
        advance: forward, pullback: backward,
        checkpoints: arguments.store(
          zip(checkpoints, advance.carries).map { LoopImage.Address($0, $1.dtype) }),
        schedule: arguments.store(schedule.map(\.encoded)), actionCount: schedule.count,
        isLocating: error != nil))
    if let error { describe(UnsafeRawPointer(header), by: error) }
    append(
      runCheckpoints, header,
      (advance.touched + pullback.touched + checkpoints.map(\.slot)
        + [forwardFrame, backwardFrame]).map(Access.writes),
      label: label)
  }
}

private struct CheckpointImage: BitwiseCopyable {
  struct Action: BitwiseCopyable {
    enum Kind: Int32 { case advance, store, restore, pullback }
    var kind: Kind
    var index: Int32
  }

  var advance: LoopImage
  var pullback: LoopImage
  var checkpoints: UnsafePointer<LoopImage.Address>
  var schedule: UnsafePointer<Action>
  var actionCount: Int
  /// Whether somebody wants to know in which step a solver failed.
  var isLocating: Bool
}

extension CheckpointAction {
  fileprivate var encoded: CheckpointImage.Action {
    switch self {
    case .advance(let step): .init(kind: .advance, index: Int32(step))
    case .store(let checkpoint): .init(kind: .store, index: Int32(checkpoint))
    case .restore(let checkpoint): .init(kind: .restore, index: Int32(checkpoint))
    case .pullback(let step): .init(kind: .pullback, index: Int32(step))
    }
  }
}

private let runCheckpoints: tw_kernel = { arguments, slots, _ in
  guard let arguments, let slots else { return 1 }
  let image = arguments.assumingMemoryBound(to: CheckpointImage.self)
  guard var run = CheckpointRun(image, slots) else { return 1 }
  for index in 0..<image.pointee.actionCount {
    let action = image.pointee.schedule[index]
    let status = run.perform(action)
    guard status != 0 else { continue }
    if image.pointee.isLocating {
      slots.record?.locateFailure(in: Int(action.index), site: arguments)
    }
    return status
  }
  return 0
}

/// The working state of a checkpointed pullback: which buffers are current.
private struct CheckpointRun {
  /// Where the working state lies: in the initial state, a checkpoint, or a spare buffer.
  private enum Place {
    case initial
    case checkpoint(Int)
    case spare(Int)
  }

  private let image: UnsafePointer<CheckpointImage>
  private let slots: UnsafePointer<UnsafeMutableRawPointer?>
  private let forwardFrame: UnsafeMutableRawPointer
  private let backwardFrame: UnsafeMutableRawPointer
  private let forward: SlotTable
  private let backward: SlotTable
  private var place = Place.initial
  private var pulled = 0

  init?(
    _ image: UnsafePointer<CheckpointImage>, _ slots: UnsafePointer<UnsafeMutableRawPointer?>
  ) {
    guard let forwardFrame = slots[Int(image.pointee.advance.frame)],
      let backwardFrame = slots[Int(image.pointee.pullback.frame)]
    else { return nil }
    self.image = image
    self.slots = slots
    self.forwardFrame = forwardFrame
    self.backwardFrame = backwardFrame
    forward = image.pointee.advance.body.bind(in: forwardFrame, record: slots[0])
    backward = image.pointee.pullback.body.bind(in: backwardFrame, record: slots[0])
    image.pointee.advance.bindShared(forward, slots)
    image.pointee.pullback.bindShared(backward, slots)
  }

  @inline(__always)
  mutating func perform(_ action: CheckpointImage.Action) -> Int32 {
    let index = Int(action.index)
    switch action.kind {
    case .advance: return advance(index)
    case .store: store(index)
    case .restore: place = index < 0 ? .initial : .checkpoint(index)
    case .pullback: return pullback(index)
    }
    return 0
  }

  private mutating func advance(_ step: Int) -> Int32 {
    let loop = image.pointee.advance
    var target = Place.spare(0)
    if case .spare(0) = place { target = .spare(1) }
    loop.bindSequences(step, forward, slots)
    for carry in 0..<loop.carryCount {
      forward[Int(loop.body.inputs[carry])] = address(of: carry, at: place)
      forward[Int(loop.body.outputs[carry])] = address(of: carry, at: target)
    }
    place = target
    return loop.body.execute(forward)
  }

  private mutating func store(_ checkpoint: Int) {
    for carry in 0..<image.pointee.advance.carryCount {
      guard let source = address(of: carry, at: place),
        let target = address(of: carry, at: .checkpoint(checkpoint))
      else { continue }
      target.copyMemory(from: source, byteCount: image.pointee.advance.carries[carry].bytes)
    }
  }

  private mutating func pullback(_ step: Int) -> Int32 {
    let loop = image.pointee.pullback
    let states = image.pointee.advance.carryCount
    loop.bindSequences(step, backward, slots, skipping: states)
    for state in 0..<states {
      backward[Int(loop.body.inputs[loop.carryCount + state])] = address(of: state, at: place)
    }
    for carry in 0..<loop.carryCount {
      backward[Int(loop.body.inputs[carry])] = cotangent(carry, after: pulled)
      backward[Int(loop.body.outputs[carry])] = cotangent(carry, after: pulled + 1)
    }
    pulled += 1
    return loop.body.execute(backward)
  }

  private func address(of carry: Int, at place: Place) -> UnsafeMutableRawPointer? {
    let form = image.pointee.advance.carries[carry]
    switch place {
    case .initial: return form.initial.resolved(in: slots)
    case .checkpoint(let index):
      return image.pointee.checkpoints[carry].resolved(in: slots).map { $0 + index * form.bytes }
    case .spare(let side):
      return forwardFrame + form.spare + side * ProgramImage.aligned(form.bytes)
    }
  }

  private func cotangent(_ carry: Int, after pulled: Int) -> UnsafeMutableRawPointer? {
    let form = image.pointee.pullback.carries[carry]
    if pulled == 0 { return form.initial.resolved(in: slots) }
    if pulled == image.pointee.pullback.iterations, form.result.slot != 0 {
      return form.result.resolved(in: slots)
    }
    return backwardFrame + form.spare + (pulled & 1) * ProgramImage.aligned(form.bytes)
  }
}
