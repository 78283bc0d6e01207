import CThalwegKernels

extension ProgramBuilder {
  /// Appends a walk with steps of controlled size.
  ///
  /// - Errors: where no step is short enough, or too many are needed, the program stops with what
  ///   `error` makes of it.
  package mutating func adaptiveLoop(
    _ form: AdaptiveForm, label: String, error: @escaping @Sendable (LoopFailure) -> any Error
  ) {
    var frame = GridFrame()
    var grid = image(of: form.grid, in: &frame)
    let errors = form.errors.map { frame.place(GridForm.Leaf(count: 1, dtype: $0)) }
    let sentinels = zip(form.hasSentinel, form.grid.carries).map { hasSentinel, carry in
      hasSentinel ? frame.place(GridForm.Leaf(count: 1, dtype: carry.leaf.dtype)) : nil
    }
    let events = form.events.map { image(of: $0, in: &frame) }
    let stability = form.stability.map {
      image(of: $0, carries: form.grid.carries.count, in: &frame)
    }
    let slot = temporary(bytes: frame.bytes)
    grid.frame = slot.index
    let (team, reports) = team(
      samples: form.grid.samples, frameBytes: frame.bytes,
      of: form.grid.programs + [form.stability?.product.program].compactMap { $0 },
      isSerial: form.events != nil)
    noteWalk()
    let header = arguments.store(
      AdaptiveImage(
        grid: grid, errors: arguments.store(errors), errorCount: errors.count,
        componentCount: Double(form.componentCount), sentinels: arguments.store(sentinels),
        firstSteps: .init(form.firstSteps, .float64), start: form.start,
        stops: arguments.store(form.stops), stopCount: form.stops.count,
        controller: form.controller, equalSteps: form.equalSteps,
        events: events.map { arguments.store($0) }, stability: stability, team: team))
    let touched =
      form.grid.touched + (form.events?.touched ?? [])
      + (form.stability.map { $0.shared.map(\.0.slot) } ?? [])
    append(
      runAdaptiveLoop, header,
      (touched + [form.firstSteps.slot, slot, reports]).map(Access.writes), label: label)
    describe(UnsafeRawPointer(header), by: error)
  }
}

/// An ``AdaptiveForm`` as plain addresses.
struct AdaptiveImage: BitwiseCopyable {
  // The first member, so that its address is that of the whole.
  var grid: GridImage
  var errors: UnsafePointer<GridImage.Leaf>
  var errorCount: Int
  var componentCount: Double
  /// The sentinel of each carried buffer.
  var sentinels: UnsafePointer<GridImage.Leaf?>
  var firstSteps: LoopImage.Address
  var start: Double
  var stops: UnsafePointer<AdaptiveForm.Stop>
  var stopCount: Int
  var controller: StepController
  var equalSteps: Int
  var events: UnsafePointer<EventImage>?
  var stability: StabilityImage?
  var team: TeamImage

  /// The direction of time.
  var direction: Double { stops[stopCount - 1].time < start ? -1 : 1 }
}

private let runAdaptiveLoop: tw_kernel = { arguments, slots, _ in
  guard let arguments, let slots, let record = slots.record else { return 1 }
  let image = arguments.assumingMemoryBound(to: AdaptiveImage.self)
  let grid = arguments.assumingMemoryBound(to: GridImage.self)
  guard let frame = slots[Int(grid.pointee.frame)],
    let firstSteps = image.pointee.firstSteps.resolved(in: slots)
  else { return 1 }
  let tapes = record.openTapes(of: grid, slots, site: arguments)
  let heads = firstSteps.assumingMemoryBound(to: Double.self)
  let team = SampleTeam(image.pointee.team, samples: grid.pointee.samples, slots, record)
  let status = team.work(image.pointee.team, in: frame) { sample, frame, report in
    guard var walk = GridWalk(grid, slots, frame, record: team.record(of: report)) else {
      return 1
    }
    image.bindMeasures(walk)
    let search = image.pointee.events.map {
      EventSearch($0, walk, direction: image.pointee.direction)
    }
    let headCount = search.map { EventForm.headCount + $0.count } ?? 1
    walk.begin(sample, recordingOn: tapes)
    var run = AdaptiveRun(image, walk, search, heads + sample * headCount, site: arguments)
    let status = run.go()
    if let counts = run.stability?.counts { report.pointee.stability = counts }
    if status != 0 { return status }
    run.walk.finish()
    run.reportEvents(of: sample, slots)
    return 0
  }
  image.pointee.stability?.report(team.stability)
  return status
}

extension UnsafePointer<AdaptiveImage> {
  /// Lets steps write their errors and sentinels.
  fileprivate func bindMeasures(_ walk: GridWalk) {
    var output = pointee.grid.step.image.outputs + pointee.grid.carryCount + pointee.grid.denseCount
    func bind(_ leaf: GridImage.Leaf) {
      walk.step[Int(output.pointee)] = walk.frame + leaf.place
      output += 1
    }
    for index in 0..<pointee.errorCount { bind(pointee.errors[index]) }
    for index in 0..<pointee.grid.carryCount { pointee.sentinels[index].map(bind) }
  }
}

extension UnsafeMutablePointer<RunRecord> {
  /// The tapes that a walk writes, emptied, and their number where it is read; nil for none.
  func openTapes(
    of grid: UnsafePointer<GridImage>, _ slots: GridWalk.Slots, site: UnsafeRawPointer
  ) -> UnsafeMutablePointer<Tape>? {
    guard grid.pointee.isRecording else { return nil }
    let number = pointee.tapes.pointee.open(
      site: UInt(bitPattern: site), samples: grid.pointee.samples)
    var place: UnsafeMutableRawPointer?
    for address in [grid.pointee.gridNumber, grid.pointee.stateNumber] where address.slot != 0 {
      place = address.resolved(in: slots)
      place?.storeBytes(of: Double(number), as: Double.self)
    }
    return pointee.tapes.pointee.tapes(numberedIn: place)
  }
}
