import CThalwegKernels

/// A table of the buffers that a run of a program works on.
typealias SlotTable = UnsafeMutablePointer<UnsafeMutableRawPointer?>

/// Everything that running a program takes, as plain addresses.
///
/// Running an image touches no object and hence counts no references.
struct ProgramImage: BitwiseCopyable {
  /// Fills a place of the table before a run.
  struct Binding: BitwiseCopyable {
    var slot: Int32
    /// Bytes from the beginning of the arena, or an absolute address for a constant.
    var location: Int
    var isConstant: Bool
  }

  var calls: UnsafePointer<tw_call>
  var callCount: Int64
  var slotCount: Int
  var arenaBytes: Int
  var bindings: UnsafePointer<Binding>
  var bindingCount: Int
  /// The slot of each input and output.
  var inputs: UnsafePointer<Int32>
  var outputs: UnsafePointer<Int32>

  /// The bytes of a table with its arena behind it.
  var frameBytes: Int { Self.aligned(slotCount * MemoryLayout<Int>.size) + arenaBytes }

  static func aligned(_ bytes: Int) -> Int {
    (bytes + Storage.alignment - 1) & ~(Storage.alignment - 1)
  }

  /// Lays a table and the arena behind it into a block of `frameBytes` bytes.
  func bind(in frame: UnsafeMutableRawPointer, record: UnsafeMutableRawPointer?) -> SlotTable {
    let table = frame.bindMemory(to: UnsafeMutableRawPointer?.self, capacity: slotCount)
    let arena = frame + Self.aligned(slotCount * MemoryLayout<Int>.size)
    table[0] = record
    for index in 0..<bindingCount {
      let binding = bindings[index]
      table[Int(binding.slot)] =
        binding.isConstant
        ? UnsafeMutableRawPointer(bitPattern: binding.location) : arena + binding.location
    }
    return table
  }

  /// Runs every call; 0 means success.
  @inline(__always)
  func execute(_ table: SlotTable) -> Int32 {
    tw_execute(calls, callCount, table)
  }
}
