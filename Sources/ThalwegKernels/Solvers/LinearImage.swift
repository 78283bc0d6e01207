/// What solving linear equations takes, as plain addresses.
struct LinearImage: BitwiseCopyable {
  enum Kind: Int32 {
    case direct, banded, gmres, conjugateGradients, biCGStab

    /// Whether matrices are factored.
    var isDirect: Bool { self == .direct || self == .banded }
  }

  var layout: SystemLayout
  var kind: Kind
  /// The vectors of the space of minimal residuals.
  var restart: Int
  /// The chain that the unknowns of a banded system are.
  var chain: CellChain
  var maximumIterations: Int
  var product: UnsafePointer<SolverProgramImage>
  var preconditioner: UnsafePointer<SolverProgramImage>?
  /// Where vectors, numbers, states and pivots lie in the frame.
  var vectors: Int
  var numbers: Int
  var states: Int
  var pivots: Int

  /// The numbers that belong to one system.
  var numbersPerSystem: Int { Self.numbers(kind, restart, chain, layout.size) }

  /// Numbers that every method has for a system.
  static let commonNumbers = 4

  static func numbers(_ kind: Kind, _ restart: Int, _ chain: CellChain, _ size: Int) -> Int {
    switch kind {
    case .direct: commonNumbers + size * size + 2 * size
    case .banded: commonNumbers + chain.matrix + size + chain.room
    // Columns of the triangle with one element more each, sines and cosines, right side, scratch.
    case .gmres: commonNumbers + restart * (restart + 1) + 2 * restart + 2 * (restart + 1)
    case .conjugateGradients, .biCGStab: commonNumbers + 3
    }
  }

  static func vectors(_ kind: Kind, _ restart: Int) -> Int {
    switch kind {
    case .direct: 2
    case .banded: 3
    case .gmres: restart + 2
    case .conjugateGradients: 4
    case .biCGStab: 7
    }
  }
}

extension LinearMethod {
  var kind: LinearImage.Kind {
    switch self {
    case .direct: .direct
    case .banded: .banded
    case .gmres: .gmres
    case .conjugateGradients: .conjugateGradients
    case .biCGStab: .biCGStab
    }
  }
}

/// How far a system has been solved.
enum SystemState: UInt8, BitwiseCopyable {
  /// It is still worked on.
  case running
  /// Its residual is as small as was asked for.
  case solved
  /// Its matrix is singular, or not of the kind that the method is for.
  case failed
}

extension ProgramBuilder {
  func encoded(_ form: SystemForm) -> SystemLayout {
    var leaves: [SystemLayout.Leaf] = []
    var start = 0
    for count in form.leaves {
      leaves.append(.init(start: start, count: count / form.systems))
      start += count
    }
    return SystemLayout(
      leaves: arguments.store(leaves), leafCount: leaves.count, systems: form.systems,
      count: form.count, size: form.size)
  }

  /// Translates a program, and reserves its memory and finds that of coefficients in a frame.
  mutating func encoded(
    _ program: SolverProgram, of unknowns: SystemForm, coefficients: [Int],
    in frame: inout FrameLayout
  ) -> UnsafePointer<SolverProgramImage> {
    adopt(program.program)
    let image = program.program.image
    let starts = unknowns.leaves.indices.map { leaf in
      unknowns.leaves[..<leaf].reduce(0, +) * unknowns.dtype.size
    }
    typealias Binding = SolverProgramImage.Binding
    var bindings = (
      unknowns: [Binding](), directions: [Binding](), results: [Binding](),
      coefficients: [Binding](), shared: [SolverProgramImage.Shared]()
    )
    for (index, input) in program.inputs.enumerated() {
      let slot = image.inputs[index]
      switch input {
      case .unknown(let leaf): bindings.unknowns.append(.init(slot: slot, offset: starts[leaf]))
      case .direction(let leaf):
        bindings.directions.append(.init(slot: slot, offset: starts[leaf]))
      case .coefficient(let place):
        bindings.coefficients.append(.init(slot: slot, offset: coefficients[place]))
      case .shared(let operand, let dtype):
        bindings.shared.append(.init(slot: slot, address: .init(operand, dtype)))
      }
    }
    for (index, output) in program.outputs.enumerated() {
      let slot = image.outputs[index]
      switch output {
      case .result(let leaf): bindings.results.append(.init(slot: slot, offset: starts[leaf]))
      case .coefficient(let place):
        bindings.coefficients.append(.init(slot: slot, offset: coefficients[place]))
      }
    }
    return arguments.store(
      SolverProgramImage(
        body: image, frame: frame.reserve(bytes: image.frameBytes),
        evaluations: program.evaluations, unknowns: arguments.store(bindings.unknowns),
        unknownCount: bindings.unknowns.count, directions: arguments.store(bindings.directions),
        directionCount: bindings.directions.count, results: arguments.store(bindings.results),
        resultCount: bindings.results.count,
        coefficients: arguments.store(bindings.coefficients),
        coefficientCount: bindings.coefficients.count, shared: arguments.store(bindings.shared),
        sharedCount: bindings.shared.count))
  }

  /// Translates a linear solver and reserves its memory in a frame.
  mutating func encoded(
    _ product: SolverProgram, _ preconditioner: SolverProgram?, _ settings: LinearSettings,
    of unknowns: SystemForm, coefficients: [Int] = [], in frame: inout FrameLayout
  ) -> LinearImage {
    let kind = settings.method.kind
    var restart = 0
    if case .gmres(let wanted) = settings.method {
      restart = Swift.max(1, Swift.min(wanted, unknowns.size))
    }
    var chain = CellChain(cells: 1, components: 0, reach: 0)
    if case .banded(let cells, let reach) = settings.method {
      chain = CellChain(cells: cells, components: unknowns.size / Swift.max(cells, 1), reach: reach)
    }
    let matrix = encoded(product, of: unknowns, coefficients: coefficients, in: &frame)
    // Factors need no approximation of themselves.
    let approximation = kind.isDirect ? nil : preconditioner
    return LinearImage(
      layout: encoded(unknowns), kind: kind, restart: restart, chain: chain,
      maximumIterations: settings.maximumIterations, product: matrix,
      preconditioner: approximation.map {
        encoded($0, of: unknowns, coefficients: coefficients, in: &frame)
      },
      vectors: frame.reserve(
        bytes: LinearImage.vectors(kind, restart) * unknowns.count * unknowns.dtype.size),
      numbers: frame.reserve(
        unknowns.systems * LinearImage.numbers(kind, restart, chain, unknowns.size), of: Double.self
      ),
      states: frame.reserve(unknowns.systems, of: SystemState.self),
      pivots: frame.reserve(kind.isDirect ? unknowns.count : 0, of: Int32.self))
  }
}
