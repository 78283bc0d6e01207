/// A ``LoopForm`` as plain addresses, so that running it touches no object.
struct LoopImage: BitwiseCopyable {
  /// A place in a slot, in bytes.
  ///
  /// Slot 0 stands for nowhere.
  struct Address: BitwiseCopyable {
    var slot: Int32 = 0
    var offset = 0

    @inline(__always)
    func resolved(in slots: UnsafePointer<UnsafeMutableRawPointer?>) -> UnsafeMutableRawPointer? {
      slots[Int(slot)].map { $0 + offset }
    }
  }

  struct Carry: BitwiseCopyable {
    var initial: Address
    var result: Address
    var kept: Address
    var bytes: Int
    var count: Int
    var dtype: DType
    /// The offset of spare buffers in the frame, and their number.
    var spare: Int
    var buffers: Int
    /// The carried buffer that this one is in the next iteration, or -1 where it is computed.
    var source: Int32
    /// Where the body computes it and its sentinel, or -1.
    var output: Int32
    var sentinel: Int32
    /// The offset of the sentinel in the frame.
    var sentinelPlace: Int
    var limit: Double
    /// The results of those that are this one some iterations later, by their number; none at slot 0.
    var laterResults: UnsafePointer<Address>
    /// The largest of these numbers.
    var latest: Int
  }

  struct Sequence: BitwiseCopyable {
    var first: Address
    var stride: Int
    /// The addresses of a listed sequence.
    var list: UnsafePointer<Address>?

    @inline(__always)
    func element(
      _ index: Int, in slots: UnsafePointer<UnsafeMutableRawPointer?>
    ) -> UnsafeMutableRawPointer? {
      if let list { return list[index].resolved(in: slots) }
      return first.resolved(in: slots).map { $0 + index * stride }
    }
  }

  var body: ProgramImage
  var iterations: Int
  var isReversed: Bool
  var carryCount: Int
  var scannedCount: Int
  var sharedCount: Int
  var emittedCount: Int
  /// The first of the body's outputs that is emitted.
  var emittedStart: Int
  var guarded: Int
  /// Whether somebody wants to know in which iteration a solver failed.
  var isLocating = false
  var carries: UnsafePointer<Carry>
  var scanned: UnsafePointer<Sequence>
  var shared: UnsafePointer<Address>
  var emitted: UnsafePointer<Sequence>
  /// The place of the carried buffers before each iteration among those kept, or -1.
  var kept: UnsafePointer<Int32>
  /// The slot that holds the body's table and arena and the spare buffers.
  var frame: Int32

  /// The element of the sequences that an iteration sees.
  @inline(__always)
  func element(of iteration: Int) -> Int { isReversed ? iterations - 1 - iteration : iteration }

  /// Binds what stays the same through all iterations; `leading` scanned inputs are left alone.
  func bindShared(_ table: SlotTable, _ slots: UnsafePointer<UnsafeMutableRawPointer?>) {
    for index in 0..<sharedCount {
      let input = body.inputs[carryCount + scannedCount + index]
      table[Int(input)] = shared[index].resolved(in: slots)
    }
  }

  /// Binds the element of every sequence, but for the first `skipped` scanned ones.
  @inline(__always)
  func bindSequences(
    _ element: Int, _ table: SlotTable, _ slots: UnsafePointer<UnsafeMutableRawPointer?>,
    skipping skipped: Int = 0
  ) {
    for index in skipped..<scannedCount {
      table[Int(body.inputs[carryCount + index])] = scanned[index].element(element, in: slots)
    }
    for index in 0..<emittedCount {
      table[Int(body.outputs[emittedStart + index])] = emitted[index].element(element, in: slots)
    }
  }
}

extension ProgramBuilder {
  /// Translates a form into addresses and reserves its frame.
  mutating func image(of form: LoopForm) -> (image: LoopImage, frame: Slot) {
    adopt(form.body)
    let emittedStart = form.carries.count { $0.source == nil }
    let (carries, bytes) = carries(of: form, emittedStart)
    var kept = [Int32](repeating: -1, count: form.iterations + 1)
    for (place, iteration) in form.kept.enumerated() {
      kept[iteration] = Int32(form.isReversed ? form.kept.count - 1 - place : place)
    }
    let frame = temporary(bytes: bytes)
    let image = LoopImage(
      body: form.body.image, iterations: form.iterations, isReversed: form.isReversed,
      carryCount: carries.count, scannedCount: form.scanned.count, sharedCount: form.shared.count,
      emittedCount: form.emitted.count, emittedStart: emittedStart, guarded: form.guarded,
      carries: arguments.store(carries),
      scanned: arguments.store(form.scanned.map(encode)),
      shared: arguments.store(form.shared.map { LoopImage.Address($0.0, $0.1) }),
      emitted: arguments.store(form.emitted.map(encode)), kept: arguments.store(kept),
      frame: frame.index)
    return (image, frame)
  }

  /// The carried buffers, and the bytes of a frame with their spare ones.
  private func carries(
    of form: LoopForm, _ emittedStart: Int
  ) -> (carries: [LoopImage.Carry], bytes: Int) {
    var bytes = ProgramImage.aligned(form.body.image.frameBytes)
    func reserve(_ size: Int) -> Int {
      defer { bytes += ProgramImage.aligned(size) }
      return bytes
    }
    var outputs = form.body.image.outputs
    var sentinels = outputs + emittedStart + form.emitted.count
    let carries = form.carries.indices.map { index in
      let carry = form.carries[index]
      let size = carry.count * carry.dtype.size
      let later = form.later(index)
      let buffers = carry.source == nil ? later.count + (carry.isInPlace ? 1 : 2) : 0
      var image = LoopImage.Carry(
        initial: .init(carry.initial, carry.dtype),
        result: carry.result.map { .init($0, carry.dtype) } ?? .init(),
        kept: carry.kept.map { .init($0, carry.dtype) } ?? .init(), bytes: size,
        count: carry.count, dtype: carry.dtype, spare: bytes, buffers: buffers,
        source: Int32(carry.source ?? -1), output: -1, sentinel: -1, sentinelPlace: 0,
        limit: carry.limit,
        laterResults: arguments.store(
          ([nil] + later).map { result in result.map { .init($0, carry.dtype) } ?? .init() }),
        latest: later.count)
      for _ in 0..<buffers { _ = reserve(size) }
      if carry.source == nil {
        image.output = outputs.pointee
        outputs += 1
      }
      if carry.hasSentinel {
        image.sentinelPlace = reserve(carry.dtype.size)
        image.sentinel = sentinels.pointee
        sentinels += 1
      }
      return image
    }
    return (carries, bytes)
  }

  private func encode(_ sequence: LoopForm.Sequence) -> LoopImage.Sequence {
    switch sequence {
    case .stacked(let operand, let count, let dtype):
      .init(first: .init(operand, dtype), stride: count * dtype.size, list: nil)
    case .listed(let operands, let dtype):
      .init(
        first: .init(), stride: 0,
        list: arguments.store(operands.map { LoopImage.Address($0, dtype) }))
    }
  }
}

extension LoopForm {
  /// The results of what a carried buffer is one, two and more iterations later.
  fileprivate func later(_ index: Int) -> [Operand?] {
    var results: [Operand?] = []
    var current: Set = [index]
    // Each has one source, so that a round without new ones is the last.
    while results.count < carries.count {
      current = Set(
        carries.indices.filter { place in
          carries[place].source.map { $0 != place && current.contains($0) } ?? false
        })
      guard !current.isEmpty else { break }
      results.append(current.sorted().compactMap { carries[$0].result }.first)
    }
    return results
  }
}

extension LoopImage.Address {
  init(_ operand: Operand, _ dtype: DType) {
    slot = operand.slot.index
    offset = operand.offset * dtype.size
  }
}
