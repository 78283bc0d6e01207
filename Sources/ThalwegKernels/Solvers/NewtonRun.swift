import CThalwegKernels

let findRoots: tw_kernel = { arguments, slots, _ in
  guard let arguments, let slots else { return 1 }
  let image = arguments.assumingMemoryBound(to: RootImage.self)
  guard let frame = slots[Int(image.pointee.frame)] else { return 1 }
  switch image.pointee.dtype {
  case .float32:
    var run = NewtonRun<Float>(image, frame, slots)
    let status = run.search()
    return run.finish(status)
  case .float64:
    var run = NewtonRun<Double>(image, frame, slots)
    let status = run.search()
    return run.finish(status)
  }
}

/// Systems of equations while their roots are sought, all in lockstep.
///
/// Each iteration solves J δ = F for the correction of each system and moves to z - λ δ, where λ is 1
/// unless the residual F would not shrink. A system whose root is found is frozen, so that it does not
/// depend on the others.
///
/// - Source: C. T. Kelley, "Iterative Methods for Linear and Nonlinear Equations", SIAM, 1995,
///   doi:10.1137/1.9781611970944, chapters 5 to 8.
struct NewtonRun<Scalar: SolverScalar> {
  typealias Vector = UnsafeMutablePointer<Scalar>

  let image: UnsafePointer<RootImage>
  let slots: UnsafePointer<UnsafeMutableRawPointer?>
  let space: SystemSpace<Scalar>
  let residual: BoundProgram
  let linearization: BoundProgram?
  var linear: LinearRun<Scalar>
  let progress: UnsafeMutablePointer<NewtonProgress>
  let tolerance: Double
  /// Point, point that is tried, their residuals, correction.
  let point: Vector
  let trial: Vector
  let value: Vector
  let trialValue: Vector
  let correction: Vector
  var iterations = 0
  var evaluations = 0

  init(
    _ image: UnsafePointer<RootImage>, _ frame: UnsafeMutableRawPointer,
    _ slots: UnsafePointer<UnsafeMutableRawPointer?>
  ) {
    self.image = image
    self.slots = slots
    let space = SystemSpace<Scalar>(layout: image.pointee.linear.pointee.layout)
    self.space = space
    point = (frame + image.pointee.vectors).assumingMemoryBound(to: Scalar.self)
    trial = point + space.count
    value = trial + space.count
    trialValue = value + space.count
    correction = trialValue + space.count
    residual = BoundProgram(image.pointee.residual, frame, slots)
    linearization = image.pointee.linearization.map { BoundProgram($0, frame, slots) }
    linear = LinearRun(
      image.pointee.linear, frame, slots, point: point, rightSide: value, solution: correction)
    progress = (frame + image.pointee.progress).assumingMemoryBound(to: NewtonProgress.self)
    tolerance = Swift.max(image.pointee.tolerance, 32 * Double(Scalar.ulpOfOne))
  }

  var isDirect: Bool { image.pointee.linear.pointee.kind.isDirect }

  // MARK: - The search

  mutating func search() -> Int32 {
    var status = begin()
    guard status == 0 else { return status }
    // One root that is not found makes the others worthless.
    while !isAny(.failed) {
      if !isDirect { acceptSmallResiduals() }
      guard isAny(.running) else { return 0 }
      guard iterations < image.pointee.maximumIterations else {
        replace(.running, by: .failed)
        return 0
      }
      iterations += 1
      status = isDirect ? correctDirectly() : correctByKrylov()
      guard status == 0 else { return status }
      for system in 0..<space.systems where progress[system].state == .running {
        judge(system)
      }
      status = searchAlongCorrections()
      guard status == 0 else { return status }
    }
    return 0
  }

  private mutating func begin() -> Int32 {
    space.load(image.pointee.guess, slots, into: point)
    let status = evaluate(point, into: value)
    guard status == 0 else { return status }
    for system in 0..<space.systems {
      space.copy(point, to: trial, system)
      var start = NewtonProgress()
      start.guess = space.norm(point, system)
      start.residual = space.norm(value, system)
      start.formerResidual = start.residual
      start.merit = merit(of: value, system)
      if !start.residual.isFinite { start.state = .failed }
      if start.residual == 0 { start.state = .found }
      progress[system] = start
    }
    return 0
  }

  /// The residual at a point, and what is needed of the point if that is computed together.
  mutating func evaluate(_ point: Vector, into value: Vector) -> Int32 {
    evaluations += residual.evaluations
    return residual.run(at: point, along: point, into: value)
  }

  /// Decides whether a correction leads to the root, and tries it otherwise.
  private func judge(_ system: Int) {
    space.blend(trial, 1, point, -1, correction, system)
    let length = length(of: correction, system)
    progress[system].length = length
    if progress[system].formerLength > 0 {
      progress[system].rate = length / progress[system].formerLength
    }
    // What the linear system left is an error too, as far as it is one of the unknowns.
    let left = isDirect ? 0 : linear.residual(system).pointee / smallResidual(system)
    let remainder = Swift.max(progress[system].remainder, isDirect ? 0 : progress[system].forcing)
    if left <= 1, remainder * length <= 1 {
      space.copy(trial, to: point, system)
      progress[system].state = .found
    } else {
      progress[system].isShort = length <= 1
      progress[system].state = length.isFinite ? .searching : .failed
      progress[system].part = 1
    }
  }

  // MARK: - Norms

  /// The length of a vector in units of the tolerance.
  func length(of vector: Vector, _ system: Int) -> Double {
    let absolute = image.pointee.absolute
    if absolute >= 0 {
      return space.weighedNorm(vector, trial, absolute: absolute, relative: tolerance, system)
    }
    // Below the floor squares underflow: a state that decays to nothing has been found.
    let floor = Double(Scalar.leastNormalMagnitude).squareRoot()
    let scale = Swift.max(space.norm(trial, system), progress[system].guess, floor)
    return space.norm(vector, system) / (tolerance * scale)
  }

  /// How far from a root a residual is.
  ///
  /// Where unknowns differ by orders of magnitude, the rounding errors of the largest must not hide
  /// what happens to the others.
  func merit(of residual: Vector, _ system: Int) -> Double {
    let absolute = image.pointee.absolute
    guard absolute >= 0 else { return space.norm(residual, system) }
    let weighed = space.weighedNorm(
      residual, point, absolute: absolute, relative: tolerance, system)
    // Nothing at all may be allowed of an unknown that is 0.
    return weighed.isFinite ? weighed : space.norm(residual, system)
  }

  /// The norm of a residual that is 1 in units of the tolerance, if residuals are measured as the
  /// unknowns are.
  func smallResidual(_ system: Int) -> Double {
    progress[system].residual / length(of: value, system)
  }

  // MARK: - States

  func isAny(_ state: NewtonProgress.State) -> Bool {
    for system in 0..<space.systems where progress[system].state == state { return true }
    return false
  }

  func replace(_ state: NewtonProgress.State, by other: NewtonProgress.State) {
    for system in 0..<space.systems where progress[system].state == state {
      progress[system].state = other
    }
  }

  // MARK: - The end

  /// Hands the roots over, or says which was not found.
  func finish(_ status: Int32) -> Int32 {
    if let record = slots.record {
      record.pointee.counts.newtonIterations += iterations
      record.pointee.counts.evaluations += evaluations
      record.pointee.counts.jvps += linear.products
      if !isDirect { record.pointee.counts.krylovIterations += linear.products }
    }
    guard status == 0 else { return status }
    for system in 0..<space.systems where progress[system].state != .found {
      slots.record?.pointee.failure = failure(system)
      return 1
    }
    space.store(point, image.pointee.result, slots)
    return 0
  }

  private func failure(_ system: Int) -> LoopFailure {
    let state = progress[system]
    var failure = LoopFailure()
    failure.site = UInt(bitPattern: image)
    failure.kind = state.failure
    failure.isRecoverable = true
    failure.value = state.residual
    failure.bound = smallResidual(system)
    failure.rate = state.rate
    failure.count = iterations
    return failure
  }
}
