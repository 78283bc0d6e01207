import CThalwegKernels

/// A ``GridPullbackForm`` as plain addresses.
struct GridPullbackImage: BitwiseCopyable {
  struct Cotangent: BitwiseCopyable {
    var final: LoopImage.Address
    var result: LoopImage.Address
  }

  struct Sum: BitwiseCopyable {
    var result: LoopImage.Address
    var leaf: GridImage.Leaf
    var isReused: Bool
  }

  /// A list of plain values.
  struct List<Element: BitwiseCopyable>: BitwiseCopyable {
    private let elements: UnsafePointer<Element>
    let count: Int

    init(_ elements: [Element], _ arguments: ArgumentStore) {
      self.elements = arguments.store(elements)
      count = elements.count
    }

    @inline(__always)
    subscript(index: Int) -> Element { elements[index] }
  }

  /// Rows of one kind in the frame.
  struct Rows: BitwiseCopyable {
    var place: Int
    var bytes: Int

    init(_ count: Int, of bytes: Int, in frame: inout GridFrame) {
      place = frame.reserve(count * bytes)
      self.bytes = bytes
    }

    @inline(__always)
    subscript(index: Int) -> Int { place + index * bytes }
  }

  var advance: GridProgram
  var replay: GridProgram?
  var restart: GridProgram?
  var pullback: GridProgram
  var restartPullback: GridProgram?
  var emissionPullback: GridProgram?
  var scalar: DType
  var scalars: Int
  /// Whether somebody wants to know in which step a solver failed.
  var isLocating = false
  /// The initial state, two rows that take turns, and one for the state after a step.
  var states: Rows
  var carries: List<GridImage.Carry>
  var dense: List<GridImage.Leaf>
  var shared: List<LoopImage.Address>
  /// Two rows of cotangents.
  var cotangentRows: Rows
  var cotangents: List<Cotangent>
  /// Two rows of cotangents of carried before and after a step and of dense.
  var collections: Rows
  /// Where the cotangents of dense lie in such a row.
  var denseCotangents: List<GridImage.Leaf>
  /// Two rows of sums.
  var sumRows: Rows
  var sums: List<Sum>
  var emissions: List<GridImage.Emission>
  var times: LoopImage.Address
  var timeCount: Int
  var samples: Int
  var budget: Int
  var gridNumber: LoopImage.Address
  var stateNumber: LoopImage.Address
  var frame: Int32 = 0
  /// Who does the samples, and the slot of the sums of each piece where there are several.
  var team = TeamImage(pieces: 1, frameBytes: 0, isSerial: true, reports: 0)
  var partialSums: Int32 = 0
}

extension GridPullbackImage {
  init(_ form: GridPullbackForm, in frame: inout GridFrame, _ arguments: ArgumentStore) {
    let carried = form.carries.map(\.leaf)
    let (leaves, rowBytes) = GridFrame.row(carried)
    let (collected, collectionBytes) = GridFrame.row(carried + carried + form.dense)
    let (sums, sumBytes) = GridFrame.row(form.sums.map(\.leaf))
    advance = frame.place(form.advance)
    replay = form.replay.map { frame.place($0) }
    restart = form.restart.map { frame.place($0) }
    pullback = frame.place(form.pullback)
    restartPullback = form.restartPullback.map { frame.place($0) }
    emissionPullback = form.emissionPullback.map { frame.place($0) }
    scalar = form.scalar
    scalars = frame.reserve(3 * Storage.alignment)
    states = Rows(4, of: rowBytes, in: &frame)
    cotangentRows = Rows(2, of: rowBytes, in: &frame)
    collections = Rows(form.timeCount > 0 ? 2 : 0, of: collectionBytes, in: &frame)
    sumRows = Rows(2, of: sumBytes, in: &frame)
    carries = List(Self.carries(form, leaves), arguments)
    cotangents = List(Self.cotangents(form, leaves), arguments)
    dense = List(form.dense.map { frame.place($0) }, arguments)
    denseCotangents = List(Array(collected.dropFirst(2 * leaves.count)), arguments)
    shared = List(form.shared.map { LoopImage.Address($0.0, $0.1) }, arguments)
    self.sums = List(Self.sums(form, sums), arguments)
    emissions = List(form.emissions.map { GridImage.Emission($0) }, arguments)
    times = .init(form.times, .float64)
    timeCount = form.timeCount
    samples = form.samples
    budget = form.recording.budget
    gridNumber = .init(form.gridNumber, .float64)
    stateNumber = .init(form.stateNumber, .float64)
  }

  private static func carries(
    _ form: GridPullbackForm, _ leaves: [GridImage.Leaf]
  ) -> [GridImage.Carry] {
    zip(form.carries, leaves).map {
      GridImage.Carry(initial: .init($0.initial, $1.dtype), result: .init(), leaf: $1)
    }
  }

  private static func cotangents(
    _ form: GridPullbackForm, _ leaves: [GridImage.Leaf]
  ) -> [Cotangent] {
    zip(form.cotangents, leaves).map { cotangent, leaf in
      Cotangent(
        final: cotangent.final.map { .init($0, leaf.dtype) } ?? .init(),
        result: .init(cotangent.result, leaf.dtype))
    }
  }

  private static func sums(_ form: GridPullbackForm, _ leaves: [GridImage.Leaf]) -> [Sum] {
    zip(form.sums, leaves).enumerated().map { index, sum in
      Sum(
        result: .init(sum.0.place, sum.1.dtype), leaf: sum.1,
        isReused: form.reusedSums.contains(index))
    }
  }
}
