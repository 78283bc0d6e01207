import CThalwegKernels

/// Collects kernel calls and buffers, and lays them out as a ``Program``.
///
///     var builder = ProgramBuilder()
///     let x = builder.input(count: 4, dtype: .float64)
///     let y = builder.output(count: 1, dtype: .float64)
///     builder.reduce(.sum, Operand(x), into: Operand(y), outer: 1, reduced: 4, inner: 1, .float64)
///     let program = builder.finish()
public struct ProgramBuilder {
  private enum Home {
    case failure
    case input(Int)
    case output(Int)
    case constant(Storage)
    case arena
  }

  private struct Record {
    var home: Home
    var bytes: Int
  }

  private struct Call {
    var kernel: tw_kernel
    var arguments: UnsafeRawPointer
    var touched: [Slot]
    var label: String
  }

  let arguments = ArgumentStore()
  private var records = [Record(home: .failure, bytes: 0)]
  private var calls: [Call] = []
  private var inputSlots: [Int32] = []
  private var inputSizes: [Int] = []
  private var outputSlots: [Int32] = []
  private var outputs: [(count: Int, dtype: DType)] = []
  private var sites: [UInt: @Sendable (LoopFailure) -> any Error] = [:]
  private var owned: [any AnyObject & Sendable] = []

  /// Creates a builder of an empty program.
  public init() {}

  /// The number of calls so far.
  public var callCount: Int { calls.count }

  // MARK: - Buffers

  /// Declares the next input.
  public mutating func input(count: Int, dtype: DType) -> Slot {
    let slot = add(.input(inputSlots.count), bytes: count * dtype.size)
    inputSlots.append(slot.index)
    inputSizes.append(count)
    return slot
  }

  /// Declares the next output.
  public mutating func output(count: Int, dtype: DType) -> Slot {
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

  private mutating func add(_ home: Home, bytes: Int) -> Slot {
    records.append(Record(home: home, bytes: bytes))
    return Slot(index: Int32(records.count - 1))
  }

  // MARK: - Calls

  /// Appends a call whose arguments are already stored.
  mutating func append<Arguments>(
    _ kernel: tw_kernel, _ arguments: UnsafePointer<Arguments>, touching slots: [Slot],
    label: String
  ) {
    calls.append(
      Call(
        kernel: kernel, arguments: UnsafeRawPointer(arguments),
        touched: slots, label: label))
  }

  /// Keeps a program that a call runs alive, and passes its failures on.
  mutating func adopt(_ program: Program) {
    keep(program)
    sites.merge(program.allSites) { first, _ in first }
  }

  /// Keeps an object that a call points at alive as long as the program.
  mutating func keep(_ object: any AnyObject & Sendable) { owned.append(object) }

  /// Says what error a failure of the call with these arguments is.
  mutating func describe(
    _ arguments: UnsafeRawPointer, by error: @escaping @Sendable (LoopFailure) -> any Error
  ) {
    sites[UInt(bitPattern: arguments)] = error
  }

  // MARK: - Layout

  /// Places the buffers and returns the program.
  public consuming func finish() -> Program {
    let (bindings, constants, arenaBytes) = layOut()
    let image = ProgramImage(
      calls: arguments.store(calls.map { tw_call(kernel: $0.kernel, arguments: $0.arguments) }),
      callCount: Int64(calls.count), slotCount: records.count, arenaBytes: arenaBytes,
      bindings: arguments.store(bindings), bindingCount: bindings.count,
      inputs: arguments.store(inputSlots), outputs: arguments.store(outputSlots))
    return Program(
      image: image, listing: calls.map(\.label), arguments: arguments, constants: constants,
      owned: owned, inputSizes: inputSizes, outputs: outputs, sites: sites)
  }

  private func layOut() -> (bindings: [ProgramImage.Binding], constants: [Storage], bytes: Int) {
    var first: [Int: Int] = [:]
    var last: [Int: Int] = [:]
    for (time, call) in calls.enumerated() {
      for slot in call.touched {
        first[Int(slot.index)] = first[Int(slot.index)] ?? time
        last[Int(slot.index)] = time
      }
    }
    var requests: [Arena.Request] = []
    var bindings: [ProgramImage.Binding] = []
    var constants: [Storage] = []
    for (index, record) in records.enumerated() {
      switch record.home {
      case .arena:
        requests.append(
          .init(bytes: record.bytes, first: first[index] ?? 0, last: last[index] ?? 0))
        bindings.append(.init(slot: Int32(index), location: requests.count - 1, isConstant: false))
      case .constant(let storage):
        constants.append(storage)
        let address = Int(bitPattern: storage.base)
        bindings.append(.init(slot: Int32(index), location: address, isConstant: true))
      case .failure, .input, .output: break
      }
    }
    let arena = Arena(requests)
    for index in bindings.indices where !bindings[index].isConstant {
      bindings[index].location = arena.offsets[bindings[index].location]
    }
    return (bindings, constants, arena.bytes)
  }
}
