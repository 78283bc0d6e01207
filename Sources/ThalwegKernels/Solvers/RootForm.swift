/// When Newton's method ends.
package struct NewtonSettings: Hashable, Sendable {
  /// The largest error of a root in units of its norm, or, with `absolute`, of each unknown.
  package var tolerance: Double
  /// What is allowed beside it, so that the root mean square of errors in units of
  /// `absolute + tolerance |z|` is what counts; nil where the Euclidean norm does.
  package var absolute: Double?
  /// The most linear systems that are solved.
  package var maximumIterations: Int

  /// Creates settings.
  package init(tolerance: Double, absolute: Double?, maximumIterations: Int) {
    self.tolerance = tolerance
    self.absolute = absolute
    self.maximumIterations = maximumIterations
  }
}

/// Systems of equations whose roots are to be found.
package struct RootForm: Sendable {
  package var unknowns: SystemForm
  /// The residual at a point, and what is needed of the point there if nothing else computes it.
  package var residual: SolverProgram
  /// What is needed of a point to multiply by the Jacobian there.
  package var linearization: SolverProgram?
  /// The elements and types of what that is.
  package var coefficients: [(count: Int, dtype: DType)]
  /// The product of the Jacobian with a direction.
  package var product: SolverProgram
  /// An approximate solution of a system with the Jacobian, or nil.
  package var preconditioner: SolverProgram?
  package var newton: NewtonSettings
  package var linear: LinearSettings
  package var guess: [Operand]
  package var result: [Operand]

  /// Creates a form.
  package init(
    unknowns: SystemForm, residual: SolverProgram, linearization: SolverProgram?,
    coefficients: [(count: Int, dtype: DType)], product: SolverProgram,
    preconditioner: SolverProgram?, newton: NewtonSettings, linear: LinearSettings,
    guess: [Operand], result: [Operand]
  ) {
    self.unknowns = unknowns
    self.residual = residual
    self.linearization = linearization
    self.coefficients = coefficients
    self.product = product
    self.preconditioner = preconditioner
    self.newton = newton
    self.linear = linear
    self.guess = guess
    self.result = result
  }

  /// Every buffer of the surroundings that is read or written.
  var touched: [Slot] {
    let programs = [residual, product] + [linearization, preconditioner].compactMap { $0 }
    return (guess + result).map(\.slot) + programs.flatMap(\.touched)
  }
}

/// A ``RootForm`` as plain addresses.
struct RootImage: BitwiseCopyable {
  var linear: UnsafePointer<LinearImage>
  var residual: UnsafePointer<SolverProgramImage>
  var linearization: UnsafePointer<SolverProgramImage>?
  var dtype: DType
  var tolerance: Double
  /// Negative where there is none.
  var absolute: Double
  var maximumIterations: Int
  var guess: UnsafePointer<LoopImage.Address>
  var result: UnsafePointer<LoopImage.Address>
  /// Where vectors and what is known of each system lie in the frame.
  var vectors: Int
  var progress: Int
  var frame: Int32

  /// Point, point that is tried, their residuals, correction.
  static let vectorCount = 5
}

extension ProgramBuilder {
  /// Appends the search for the roots of systems of equations by Newton's method.
  ///
  /// - Errors: where a root is not found, the program stops with what `error` makes of that.
  package mutating func findRoot(
    _ form: RootForm, label: String, error: (@Sendable (LoopFailure) -> any Error)?
  ) {
    var frame = FrameLayout()
    let coefficients = form.coefficients.map { frame.reserve(bytes: $0.count * $0.dtype.size) }
    let linear = encoded(
      form.product, form.preconditioner, form.linear, of: form.unknowns,
      coefficients: coefficients, in: &frame)
    let residual = encoded(
      form.residual, of: form.unknowns, coefficients: coefficients, in: &frame)
    let linearization = form.linearization.map {
      encoded($0, of: form.unknowns, coefficients: coefficients, in: &frame)
    }
    let (dtype, count) = (form.unknowns.dtype, form.unknowns.count)
    let vectors = frame.reserve(bytes: RootImage.vectorCount * count * dtype.size)
    let progress = frame.reserve(form.unknowns.systems, of: NewtonProgress.self)
    let memory = temporary(bytes: frame.bytes)
    let header = arguments.store(
      RootImage(
        linear: arguments.store(linear), residual: residual, linearization: linearization,
        dtype: dtype, tolerance: form.newton.tolerance, absolute: form.newton.absolute ?? -1,
        maximumIterations: form.newton.maximumIterations,
        guess: addresses(form.guess, dtype), result: addresses(form.result, dtype),
        vectors: vectors, progress: progress, frame: memory.index))
    append(findRoots, header, (form.touched + [memory]).map(Access.writes), label: label)
    if let error { describe(UnsafeRawPointer(header), by: error) }
  }
}
