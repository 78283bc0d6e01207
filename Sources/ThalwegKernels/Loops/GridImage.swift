/// A program inside the memory of a walk, as plain addresses.
struct GridProgram: BitwiseCopyable {
  var image: ProgramImage
  /// Where its table and arena begin in the frame.
  var place: Int
  var evaluations: Int

  func bind(in frame: UnsafeMutableRawPointer, _ record: UnsafeMutablePointer<RunRecord>)
    -> SlotTable
  {
    image.bind(in: frame + place, record: record)
  }
}

/// A ``GridForm`` as plain addresses, so that walking touches no object.
struct GridImage: BitwiseCopyable {
  struct Carry: BitwiseCopyable {
    var initial: LoopImage.Address
    var result: LoopImage.Address
    var leaf: Leaf
  }

  /// A buffer in a row or in the frame.
  struct Leaf: BitwiseCopyable {
    var place: Int
    var count: Int
    var dtype: DType
    var bytes: Int { count * dtype.size }
  }

  struct Emission: BitwiseCopyable {
    var first: LoopImage.Address
    var bytes: Int
  }

  var step: GridProgram
  var restart: GridProgram?
  var interpolation: GridProgram?
  var scalar: DType
  /// Where time, step and part lie in the frame, 64 bytes each.
  var scalars: Int
  /// Where two rows lie in the frame, which take turns where nothing is recorded.
  var spare: Int
  var rowBytes: Int
  var carries: UnsafePointer<Carry>
  var carryCount: Int
  var dense: UnsafePointer<Leaf>
  var denseCount: Int
  var shared: UnsafePointer<LoopImage.Address>
  var sharedCount: Int
  var emissions: UnsafePointer<Emission>
  var emissionCount: Int
  var times: LoopImage.Address
  var timeCount: Int
  var samples: Int
  /// How many states are recorded, -1 for all.
  var budget: Int
  var gridNumber: LoopImage.Address
  var stateNumber: LoopImage.Address
  /// The slot of the frame.
  var frame: Int32

  /// Whether anything is recorded.
  var isRecording: Bool { gridNumber.slot != 0 || stateNumber.slot != 0 }
}

/// The memory of a walk while it is laid out.
struct GridFrame {
  private(set) var bytes = 0

  mutating func reserve(_ size: Int) -> Int {
    defer { bytes += ProgramImage.aligned(size) }
    return bytes
  }

  mutating func place(_ part: GridForm.Part) -> GridProgram {
    let image = part.program.image
    return GridProgram(
      image: image, place: reserve(image.frameBytes), evaluations: part.evaluations)
  }

  mutating func place(_ leaf: GridForm.Leaf) -> GridImage.Leaf {
    GridImage.Leaf(
      place: reserve(leaf.count * leaf.dtype.size), count: leaf.count, dtype: leaf.dtype)
  }

  /// Leaves side by side in a row, and its size.
  static func row(_ leaves: [GridForm.Leaf]) -> (leaves: [GridImage.Leaf], bytes: Int) {
    var row = GridFrame()
    let placed = leaves.map { row.place($0) }
    return (placed, row.bytes)
  }
}

extension ProgramBuilder {
  /// Translates a form into addresses within a frame, which is reserved later.
  mutating func image(of form: GridForm, in frame: inout GridFrame) -> GridImage {
    for part in [form.step, form.restart, form.interpolation] {
      if let part { adopt(part.program) }
    }
    let (leaves, rowBytes) = GridFrame.row(form.carries.map(\.leaf))
    let carries = zip(form.carries, leaves).map { carry, leaf in
      GridImage.Carry(
        initial: .init(carry.initial, leaf.dtype),
        result: carry.result.map { .init($0, leaf.dtype) } ?? .init(), leaf: leaf)
    }
    return GridImage(
      step: frame.place(form.step), restart: form.restart.map { frame.place($0) },
      interpolation: form.interpolation.map { frame.place($0) }, scalar: form.scalar,
      scalars: frame.reserve(3 * Storage.alignment), spare: frame.reserve(2 * rowBytes),
      rowBytes: rowBytes, carries: arguments.store(carries), carryCount: carries.count,
      dense: arguments.store(form.dense.map { frame.place($0) }), denseCount: form.dense.count,
      shared: arguments.store(form.shared.map { LoopImage.Address($0.0, $0.1) }),
      sharedCount: form.shared.count,
      emissions: arguments.store(form.emissions.map { GridImage.Emission($0) }),
      emissionCount: form.emissions.count, times: .init(form.times, .float64),
      timeCount: form.timeCount, samples: form.samples, budget: form.recording.budget,
      gridNumber: form.gridNumber.map { .init($0, .float64) } ?? .init(),
      stateNumber: form.stateNumber.map { .init($0, .float64) } ?? .init(), frame: 0)
  }
}

extension GridImage.Emission {
  init(_ emission: GridForm.Emission) {
    first = .init(emission.place, emission.leaf.dtype)
    bytes = emission.leaf.count * emission.leaf.dtype.size
  }
}

extension GridForm.Recording {
  /// How many states are recorded, -1 for all.
  var budget: Int {
    switch self {
    case .nothing: 0
    case .everything: -1
    case .checkpoints(let count): count
    }
  }
}
