/// A program that a solver runs, and what its inputs and outputs are.
package struct SolverProgram: Sendable {
  /// What an input is bound to.
  package enum Input: Sendable {
    /// A leaf of the point at which the equations are looked at.
    case unknown(Int)
    /// A leaf of the vector that a matrix is applied to.
    case direction(Int)
    /// What another program has computed of the point.
    case coefficient(Int)
    /// What the surroundings provide.
    case shared(Operand, DType)
  }

  /// What an output is bound to.
  package enum Output: Sendable {
    /// A leaf of the result.
    case result(Int)
    /// What other programs use of the point.
    case coefficient(Int)
  }

  package var program: Program
  package var inputs: [Input]
  package var outputs: [Output]
  /// Evaluations of dynamics in one run.
  package var evaluations: Int

  /// Creates a program of a solver.
  package init(
    _ program: Program, inputs: [Input], outputs: [Output], evaluations: Int
  ) {
    self.program = program
    self.inputs = inputs
    self.outputs = outputs
    self.evaluations = evaluations
  }

  /// The buffers of the surroundings that it reads.
  var touched: [Slot] {
    inputs.compactMap { input in
      if case .shared(let operand, _) = input { return operand.slot }
      return nil
    }
  }
}

/// A ``SolverProgram`` as plain addresses.
struct SolverProgramImage: BitwiseCopyable {
  /// A slot of the program and a place in a block of memory, in bytes.
  struct Binding: BitwiseCopyable {
    var slot: Int32
    var offset: Int
  }

  var body: ProgramImage
  /// Where the program's table and arena lie in the solver's frame.
  var frame: Int
  var evaluations: Int
  /// The leaves of point, direction and result.
  var unknowns: UnsafePointer<Binding>
  var unknownCount: Int
  var directions: UnsafePointer<Binding>
  var directionCount: Int
  var results: UnsafePointer<Binding>
  var resultCount: Int
  /// Places in the solver's frame.
  var coefficients: UnsafePointer<Binding>
  var coefficientCount: Int
  /// Inputs that the surroundings provide, each with its place.
  var shared: UnsafePointer<Shared>
  var sharedCount: Int

  struct Shared: BitwiseCopyable {
    var slot: Int32
    var address: LoopImage.Address
  }
}

/// A program that lies in a solver's frame, ready to run.
struct BoundProgram: BitwiseCopyable {
  private let image: UnsafePointer<SolverProgramImage>
  private let table: SlotTable

  init(
    _ image: UnsafePointer<SolverProgramImage>, _ frame: UnsafeMutableRawPointer,
    _ slots: UnsafePointer<UnsafeMutableRawPointer?>
  ) {
    self.image = image
    table = image.pointee.body.bind(in: frame + image.pointee.frame, record: slots[0])
    for index in 0..<image.pointee.coefficientCount {
      let binding = image.pointee.coefficients[index]
      table[Int(binding.slot)] = frame + binding.offset
    }
    for index in 0..<image.pointee.sharedCount {
      let shared = image.pointee.shared[index]
      table[Int(shared.slot)] = shared.address.resolved(in: slots)
    }
  }

  var evaluations: Int { image.pointee.evaluations }

  /// Runs the program on vectors, of which it need not use all.
  @inline(__always)
  func run(
    at point: UnsafeMutableRawPointer, along direction: UnsafeMutableRawPointer,
    into result: UnsafeMutableRawPointer
  ) -> Int32 {
    bind(image.pointee.unknowns, image.pointee.unknownCount, to: point)
    bind(image.pointee.directions, image.pointee.directionCount, to: direction)
    bind(image.pointee.results, image.pointee.resultCount, to: result)
    return image.pointee.body.execute(table)
  }

  @inline(__always)
  private func bind(
    _ bindings: UnsafePointer<SolverProgramImage.Binding>, _ count: Int,
    to vector: UnsafeMutableRawPointer
  ) {
    for index in 0..<count { table[Int(bindings[index].slot)] = vector + bindings[index].offset }
  }
}
