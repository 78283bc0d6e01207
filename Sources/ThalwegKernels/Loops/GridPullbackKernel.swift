import CThalwegKernels

extension ProgramBuilder {
  /// Appends the pullback of a walk over a grid.
  ///
  /// What samples add to the sums is added in the order of the samples, in pieces of them that do not
  /// depend on the number of threads.
  ///
  /// - Errors: where the equations of a step cannot be solved, the program stops with what `error`
  ///   makes of that.
  package mutating func gridPullback(
    _ form: GridPullbackForm, label: String, error: (@Sendable (LoopFailure) -> any Error)?
  ) {
    for part in form.parts { adopt(part.program) }
    var frame = GridFrame()
    var image = GridPullbackImage(form, in: &frame, arguments)
    let slot = temporary(bytes: frame.bytes)
    image.frame = slot.index
    image.isLocating = error != nil
    let (team, reports) = team(
      samples: form.samples, mostPieces: 16, frameBytes: frame.bytes,
      of: form.parts.map(\.program))
    let partials = temporary(bytes: team.pieces > 1 ? team.pieces * image.sumRows.bytes : 0)
    (image.team, image.partialSums) = (team, partials.index)
    noteWalk()
    let header = arguments.store(image)
    if let error { describe(UnsafeRawPointer(header), by: error) }
    append(
      runGridPullback, header, (form.touched + [slot, reports, partials]).map(Access.writes),
      label: label)
  }
}

private let runGridPullback: tw_kernel = { arguments, slots, _ in
  guard let arguments, let slots, let record = slots.record else { return 1 }
  let image = arguments.assumingMemoryBound(to: GridPullbackImage.self)
  let shelf = record.pointee.tapes
  guard let frame = slots[Int(image.pointee.frame)],
    let grids = shelf.pointee.tapes(
      numberedIn: image.pointee.gridNumber.resolved(in: slots)),
    let states = shelf.pointee.tapes(
      numberedIn: image.pointee.stateNumber.resolved(in: slots))
  else { return 1 }
  let team = SampleTeam(image.pointee.team, samples: image.pointee.samples, slots, record)
  let status = team.work(image.pointee.team, in: frame) { piece, frame, report in
    var run = GridPullbackRun(image, slots, frame, team.record(of: report), piece: piece)
    let samples = team.samples(of: piece)
    for sample in samples {
      run.begin(sample)
      let status = run.walkBack(grids + sample, states + sample)
      if status != 0 { return status }
      run.finish(isFirst: sample == samples.lowerBound)
    }
    return 0
  }
  if status == 0 { image.addPartialSums(slots) }
  return status
}
