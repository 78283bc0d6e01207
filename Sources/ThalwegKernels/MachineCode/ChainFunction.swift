internal import CThalwegKernels

/// Chains as one function in machine code, on their own.
package final class ChainFunction: Sendable {
  /// Whether machine code can be run here.
  package static var isAvailable: Bool { MachineCode.isAvailable }

  private let memory: ExecutableMemory
  private let kernel: tw_kernel
  /// Bytes of code and constants.
  package let bytes: Int
  /// The rows of the chain's leading extent.
  package let rows: Int

  /// Translates a chain; nil where it has to be interpreted.
  ///
  /// The memory of the inputs that it overwrites may be that of an output, which is written by the
  /// last instruction that reads them.
  package convenience init?(_ chain: Chain, _ dtype: DType, overwriting slots: Set<Slot> = []) {
    self.init(rows: ChainLayout(chain).extent) { $0.add(chain, dtype, overwriting: slots) }
  }

  /// Translates short chains that follow one another; nil where they have to be interpreted.
  package convenience init?(
    short chains: [Chain], _ dtype: DType, overwriting slots: Set<Slot> = []
  ) {
    let members = chains.map { StraightLine.Member($0, dtype, overwriting: slots) }
    guard members.allSatisfy(\.isShort) else { return nil }
    self.init(rows: 1) { $0.add(members, hiding: [])?.entry }
  }

  private init?(rows: Int, _ add: (inout MachineCode) -> Int?) {
    guard MachineCode.isAvailable else { return nil }
    var code = MachineCode()
    guard let entry = add(&code) else { return nil }
    let (memory, bytes) = code.finish()
    guard let memory else { return nil }
    self.memory = memory
    self.bytes = bytes
    self.rows = rows
    kernel = unsafeBitCast(memory.base + entry, to: tw_kernel.self)
  }

  /// How many values of a chain its loops take from neighbours.
  package static func sharedValues(of chain: Chain) -> Int {
    SharedValues(ChainGraph(chain), ChainLayout(chain), inputs: chain.inputs.count).list.count
  }

  /// Runs the function on some rows of the chain's leading extent.
  package func call(
    _ slots: UnsafePointer<UnsafeMutableRawPointer?>, rows: Range<Int>
  ) -> Bool {
    var part = tw_part(
      begin: Int64(rows.lowerBound), end: Int64(rows.upperBound),
      first: rows.lowerBound == 0 ? 1 : 0, worker: 0)
    return kernel(nil, slots, &part) == 0
  }
}
