import CThalwegKernels

/// Collects kernel calls and buffers, and lays them out as a program.
///
///     func lower(_ context: KernelContext) {
///       context.builder.reduce(
///         .sum, context.operand(0), into: context.result(), outer: 1, reduced: 4, inner: 1, .float64)
///     }
public struct ProgramBuilder {
  let arguments = ArgumentStore()
  private var records = [BufferRecord(home: .record, bytes: 0)]
  private var calls: [ProgramCall] = []
  private var inputSlots: [Int32] = []
  private var inputSizes: [Int] = []
  private var outputSlots: [Int32] = []
  private var outputs: [(count: Int, dtype: DType)] = []
  private var sites: [UInt: @Sendable (LoopFailure) -> any Error] = [:]
  private var owned: [any AnyObject & Sendable] = []

  /// Whether there are walks over grids, which record tapes.
  private var recordsWalks = false

  /// Whether chains are translated to machine code, where that is possible.
  package var usesMachineCode = MachineCode.isAllowed
  /// Whether the program will hardly run more than once.
  package var runsOnce = false
  /// Whether what is added up over a batch must have the bits that it has in other programs.
  package var isUniform = false

  /// Creates a builder of an empty program.
  package init() {}

  /// The number of calls so far.
  public var callCount: Int { calls.count }

  // MARK: - Buffers

  /// Declares the next input.
  package mutating func input(count: Int, dtype: DType) -> Slot {
    let slot = add(.input(inputSlots.count), bytes: count * dtype.size)
    inputSlots.append(slot.index)
    inputSizes.append(count)
    return slot
  }

  /// Declares the next output.
  package mutating func output(count: Int, dtype: DType) -> Slot {
    let slot = add(.output(outputSlots.count), bytes: count * dtype.size)
    outputSlots.append(slot.index)
    outputs.append((count, dtype))
    return slot
  }

  /// Adds a constant.
  public mutating func constant(_ storage: Storage) -> Slot {
    add(.constant(storage), bytes: storage.count * storage.dtype.size)
  }

  /// Adds a buffer that lives from the first call that names it to the last.
  public mutating func temporary(count: Int, dtype: DType) -> Slot {
    temporary(bytes: count * dtype.size)
  }

  mutating func temporary(bytes: Int) -> Slot { add(.arena, bytes: bytes) }

  private mutating func add(_ home: BufferRecord.Home, bytes: Int) -> Slot {
    records.append(BufferRecord(home: home, bytes: bytes))
    return Slot(index: Int32(records.count - 1))
  }

  // MARK: - Calls

  /// Appends a call whose arguments are already stored.
  ///
  /// `cut` is the leading extent of a kernel that looks at its part, 1 where nothing can be cut.
  mutating func append<Arguments>(
    _ kernel: tw_kernel, _ arguments: UnsafePointer<Arguments>, _ accesses: [Access],
    cut: Cut? = nil, label: String, chain: ChainCall? = nil
  ) {
    calls.append(
      ProgramCall(
        kernel: kernel, arguments: UnsafeRawPointer(arguments), accesses: accesses, cut: cut,
        labels: [label], chain: chain))
  }

  /// Keeps a program that a call runs alive, and passes its failures on.
  mutating func adopt(_ program: Program) {
    keep(program)
    recordsWalks = recordsWalks || program.recordsWalks
    sites.merge(program.allSites) { first, _ in first }
  }

  /// Keeps an object that a call points at alive as long as the program.
  mutating func keep(_ object: any AnyObject & Sendable) { owned.append(object) }

  /// Notes that a call uses the tapes of the run.
  mutating func noteWalk() { recordsWalks = true }

  /// Says what error a failure of the call with these arguments is.
  mutating func describe(
    _ arguments: UnsafeRawPointer, by error: @escaping @Sendable (LoopFailure) -> any Error
  ) {
    sites[UInt(bitPattern: arguments)] = error
  }

  // MARK: - Layout

  /// Places the buffers and returns the program.
  package consuming func finish() -> Program {
    var schedule = Schedule(calls, isUniform: isUniform)
    if usesMachineCode, MachineCode.isAvailable {
      let (memory, unused) = schedule.compileChains(worth: runsOnce ? 200_000 : 0) { [records] in
        records[Int($0.index)].isTemporary
      }
      if let memory { keep(memory) }
      for slot in unused { records[Int(slot.index)].bytes = 0 }
    }
    var layout = ProgramLayout(schedule.steps, records, arguments)
    layout.place()
    let image = ProgramImage(
      calls: arguments.store(layout.calls), callCount: Int64(layout.calls.count),
      slotCount: layout.records.count, arenaBytes: layout.arenaBytes,
      bindings: arguments.store(layout.bindings), bindingCount: layout.bindings.count,
      inputs: arguments.store(inputSlots), outputs: arguments.store(outputSlots))
    return Program(
      image: image, listing: layout.listing, arguments: arguments, constants: layout.constants,
      owned: owned, inputSizes: inputSizes, outputs: outputs, sites: sites,
      recordsWalks: recordsWalks)
  }
}
