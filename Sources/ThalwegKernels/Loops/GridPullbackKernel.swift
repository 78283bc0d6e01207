import CThalwegKernels

extension ProgramBuilder {
  /// Appends the pullback of a walk over a grid.
  ///
  /// What samples add to the sums is added in the order of the samples.
  public mutating func gridPullback(_ form: GridPullbackForm, label: String) {
    for part in form.parts { adopt(part.program) }
    var frame = GridFrame()
    var image = GridPullbackImage(form, in: &frame, arguments)
    let slot = temporary(bytes: frame.bytes)
    image.frame = slot.index
    append(
      runGridPullback, arguments.store(image), (form.touched + [slot]).map(Access.writes),
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
  var run = GridPullbackRun(image, slots, frame, record)
  for sample in 0..<image.pointee.samples {
    run.begin(sample)
    let status = run.walkBack(grids + sample, states + sample)
    if status != 0 { return status }
    run.finish()
  }
  return 0
}
