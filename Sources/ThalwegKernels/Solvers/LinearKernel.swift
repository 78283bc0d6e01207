import CThalwegKernels

extension ProgramBuilder {
  /// Appends the solution of systems of linear equations.
  ///
  /// - Errors: where a system cannot be solved to its tolerance, the program stops with what `error`
  ///   makes of that.
  package mutating func solveLinear(
    _ form: LinearSystemForm, label: String, error: (@Sendable (LoopFailure) -> any Error)?
  ) {
    var frame = FrameLayout()
    let linear = encoded(
      form.product, form.preconditioner, form.settings, of: form.unknowns, in: &frame)
    let vectors = frame.reserve(bytes: 2 * form.unknowns.count * form.unknowns.dtype.size)
    let memory = temporary(bytes: frame.bytes)
    let header = arguments.store(
      LinearCall(
        linear: arguments.store(linear), tolerance: form.settings.tolerance,
        isTransposed: form.isTransposed, dtype: form.unknowns.dtype,
        rightSide: addresses(form.rightSide, form.unknowns.dtype),
        result: addresses(form.result, form.unknowns.dtype), vectors: vectors,
        frame: memory.index))
    let programs = [form.product] + [form.preconditioner].compactMap { $0 }
    let touched = (form.rightSide + form.result).map(\.slot) + programs.flatMap(\.touched)
    append(runLinear, header, (touched + [memory]).map(Access.writes), label: label)
    if let error { describe(UnsafeRawPointer(header), by: error) }
  }

  func addresses(_ operands: [Operand], _ dtype: DType) -> UnsafePointer<LoopImage.Address> {
    arguments.store(operands.map { LoopImage.Address($0, dtype) })
  }
}

private struct LinearCall: BitwiseCopyable {
  var linear: UnsafePointer<LinearImage>
  var tolerance: Double
  var isTransposed: Bool
  var dtype: DType
  var rightSide: UnsafePointer<LoopImage.Address>
  var result: UnsafePointer<LoopImage.Address>
  var vectors: Int
  var frame: Int32
}

private let runLinear: tw_kernel = { arguments, slots, _ in
  guard let arguments, let slots else { return 1 }
  let call = arguments.assumingMemoryBound(to: LinearCall.self)
  switch call.pointee.dtype {
  case .float32: return call.run(slots, as: Float.self)
  case .float64: return call.run(slots, as: Double.self)
  }
}

extension UnsafePointer<LinearCall> {
  fileprivate func run<Scalar: SolverScalar>(
    _ slots: UnsafePointer<UnsafeMutableRawPointer?>, as type: Scalar.Type
  ) -> Int32 {
    guard let frame = slots[Int(pointee.frame)] else { return 1 }
    let space = SystemSpace<Scalar>(layout: pointee.linear.pointee.layout)
    let rightSide = (frame + pointee.vectors).assumingMemoryBound(to: Scalar.self)
    let solution = rightSide + space.count
    space.load(pointee.rightSide, slots, into: rightSide)
    var run = LinearRun<Scalar>(
      pointee.linear, frame, slots, point: rightSide, rightSide: rightSide, solution: solution)
    let tolerance = Swift.max(pointee.tolerance, 4 * Double(Scalar.ulpOfOne))
    for system in 0..<space.systems {
      run.target(system).pointee = tolerance * space.norm(rightSide, system)
    }
    let status = run.solve()
    if let record = slots.record {
      count(run, in: &record.pointee.counts)
    }
    guard status == 0 else { return status }
    for system in 0..<space.systems where run.states[system] != .solved {
      var failure = run.failure(system)
      failure.site = UInt(bitPattern: self)
      slots.record?.pointee.failure = failure
      return 1
    }
    space.store(solution, pointee.result, slots)
    return 0
  }

  private func count<Scalar>(_ run: LinearRun<Scalar>, in counts: inout RunCounts) {
    if pointee.isTransposed {
      counts.vjps += run.products
    } else {
      counts.jvps += run.products
    }
    if run.isIterative { counts.krylovIterations += run.products }
  }
}

extension LinearRun {
  var isIterative: Bool { !image.pointee.kind.isDirect }

  /// Why a system was not solved.
  func failure(_ system: Int) -> LoopFailure {
    let norm = space.norm(rightSide, system)
    let unit = norm > 0 ? norm : 1
    var failure = LoopFailure()
    // Solutions that are refined may be left with more than was asked for.
    let isRefined = image.pointee.kind == .banded && residual(system).pointee < .infinity
    failure.kind = isIterative || isRefined ? .krylov : .singular
    failure.isRecoverable = true
    failure.value = residual(system).pointee / unit
    failure.bound = target(system).pointee / unit
    failure.count = products
    return failure
  }
}

extension SystemSpace {
  /// Copies leaves from where they lie into a vector.
  func load(
    _ addresses: UnsafePointer<LoopImage.Address>,
    _ slots: UnsafePointer<UnsafeMutableRawPointer?>, into vector: Vector
  ) {
    forEachLeaf { index, start, count in
      guard let source = addresses[index].resolved(in: slots) else { return }
      UnsafeMutableRawPointer(vector + start).copyMemory(
        from: source, byteCount: count * MemoryLayout<Scalar>.size)
    }
  }

  /// The other way round.
  func store(
    _ vector: Vector, _ addresses: UnsafePointer<LoopImage.Address>,
    _ slots: UnsafePointer<UnsafeMutableRawPointer?>
  ) {
    forEachLeaf { index, start, count in
      addresses[index].resolved(in: slots)?.copyMemory(
        from: vector + start, byteCount: count * MemoryLayout<Scalar>.size)
    }
  }

  private func forEachLeaf(_ body: (_ index: Int, _ start: Int, _ count: Int) -> Void) {
    for index in 0..<layout.leafCount {
      let leaf = layout.leaves[index]
      body(index, leaf.start, leaf.count * layout.systems)
    }
  }
}
