/// Systems of linear equations while they are solved, all in lockstep.
///
/// A system is frozen as soon as it is solved, so that it does not depend on the others.
struct LinearRun<Scalar: SolverScalar> {
  typealias Vector = UnsafeMutablePointer<Scalar>
  typealias Numbers = UnsafeMutablePointer<Double>

  let image: UnsafePointer<LinearImage>
  let space: SystemSpace<Scalar>
  private let product: BoundProgram
  private let preconditioner: BoundProgram?
  private let vectors: Vector
  private let numbers: Numbers
  let states: UnsafeMutablePointer<SystemState>
  let pivots: UnsafeMutablePointer<Int32>
  /// The point whose Jacobian the matrix is, where it is one.
  let point: Vector
  let rightSide: Vector
  let solution: Vector
  /// Products with the matrix, in which several systems count once, and how many there may be.
  var products = 0
  private var limit = 0

  init(
    _ image: UnsafePointer<LinearImage>, _ frame: UnsafeMutableRawPointer,
    _ slots: UnsafePointer<UnsafeMutableRawPointer?>, point: Vector, rightSide: Vector,
    solution: Vector
  ) {
    self.image = image
    space = SystemSpace(layout: image.pointee.layout)
    product = BoundProgram(image.pointee.product, frame, slots)
    preconditioner = image.pointee.preconditioner.map { BoundProgram($0, frame, slots) }
    vectors = (frame + image.pointee.vectors).assumingMemoryBound(to: Scalar.self)
    numbers = (frame + image.pointee.numbers).assumingMemoryBound(to: Double.self)
    states = (frame + image.pointee.states).assumingMemoryBound(to: SystemState.self)
    pivots = (frame + image.pointee.pivots).assumingMemoryBound(to: Int32.self)
    self.point = point
    self.rightSide = rightSide
    self.solution = solution
  }

  // MARK: - Memory

  /// One of the method's vectors.
  func vector(_ index: Int) -> Vector { vectors + index * space.count }

  /// The numbers of a system that the method uses as it likes.
  func numbers(of system: Int) -> Numbers {
    numbers + system * image.pointee.numbersPerSystem + LinearImage.commonNumbers
  }

  /// The norm of the residual with which a system counts as solved.
  func target(_ system: Int) -> Numbers {
    numbers + system * image.pointee.numbersPerSystem
  }

  /// The norm of the residual that a system has reached.
  func residual(_ system: Int) -> Numbers { target(system) + 1 }

  // MARK: - Programs

  /// result = A direction.
  mutating func multiply(_ direction: Vector, into result: Vector) -> Int32 {
    products += 1
    return product.run(at: point, along: direction, into: result)
  }

  var hasPreconditioner: Bool { preconditioner != nil }

  /// result ≈ A⁻¹ vector; the result is where this returns, which is the vector itself where nothing
  /// is known of the inverse.
  func precondition(_ vector: Vector, into result: Vector) -> (place: Vector, status: Int32) {
    guard let preconditioner else { return (vector, 0) }
    return (result, preconditioner.run(at: point, along: vector, into: result))
  }

  // MARK: - Solution

  /// Solves the systems whose targets are finite; the solution of the others becomes zero.
  ///
  /// Afterwards each has its state: one that is still running has used up its iterations.
  mutating func solve() -> Int32 {
    limit = products + image.pointee.maximumIterations
    for system in 0..<space.systems {
      let norm = space.norm(rightSide, system)
      residual(system).pointee = norm
      let isSmall = norm <= target(system).pointee
      states[system] = isSmall && norm.isFinite ? .solved : .running
      space.clear(solution, system)
    }
    guard isAnyRunning else { return 0 }
    switch image.pointee.kind {
    case .direct: return solveDirectly()
    case .banded: return solveByBands()
    case .gmres: return minimizeResiduals()
    case .conjugateGradients: return conjugateGradients()
    case .biCGStab: return biCGStab()
    }
  }

  /// Whether there is work left, and products for it.
  var goesOn: Bool { products < limit && isAnyRunning }

  var isAnyRunning: Bool {
    for system in 0..<space.systems where states[system] == .running { return true }
    return false
  }
}
