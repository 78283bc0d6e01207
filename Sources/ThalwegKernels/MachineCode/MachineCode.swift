internal import CThalwegKernels

/// The machine code of a program's element-wise chains.
///
/// Chains that cannot be translated are interpreted, as are all where the processor is another one,
/// where the system does not let a process execute what it wrote, and where the environment variable
/// `THALWEG_MACHINE_CODE` is `off`. The results are the same, bit for bit.
///
/// - Cost: some ten microseconds a chain.
package struct MachineCode {
  /// Whether machine code can be run here.
  package static let isAvailable: Bool = {
    guard environmentVariable("THALWEG_MACHINE_CODE") != "off", tw_machine_is_covered() != 0
    else { return false }
    var assembler = Assembler()
    assembler.returnToCaller()
    return ExecutableMemory(assembler.finish()) != nil
  }()

  /// Whether programs that are built now may use machine code: a switch for tests.
  @TaskLocal package static var isAllowed = true

  private var assembler = Assembler()
  private(set) var isEmpty = true

  init() {}

  /// Translates a chain and returns where its function begins, or nil where it is interpreted.
  ///
  /// The memory of the inputs that it overwrites may be that of an output.
  mutating func add(_ chain: Chain, _ dtype: DType, overwriting slots: Set<Slot>) -> Int? {
    add(ChainCompiler(chain, dtype, overwriting: slots, takeAssembler())) {
      compiler throws(NotCovered) in
      try compiler.compile()
    }
  }

  /// Translates short chains that are always run one after the other and as a whole.
  ///
  /// Returns where the function begins, and those of the hidden buffers that it does without.
  mutating func add(
    _ members: [StraightLine.Member], hiding hidden: Set<Slot>
  ) -> (entry: Int, unused: Set<Slot>)? {
    var unused = hidden
    let line = StraightLine(members, hiding: hidden, takeAssembler())
    let entry = add(line) { compiler throws(NotCovered) in
      let entry = try compiler.compile()
      unused.subtract(compiler.touched)
      return entry
    }
    return entry.map { ($0, unused) }
  }

  private mutating func takeAssembler() -> Assembler {
    var taken = Assembler()
    swap(&taken, &assembler)
    return taken
  }

  private mutating func add<Compiler: FunctionCompiler>(
    _ compiler: consuming Compiler, _ compile: (inout Compiler) throws(NotCovered) -> Int
  ) -> Int? {
    var compiler = compiler
    let mark = compiler.assembler.mark
    var entry: Int?
    do throws(NotCovered) {
      entry = try compile(&compiler)
      isEmpty = false
    } catch {
      compiler.assembler.reset(to: mark)
    }
    assembler = compiler.assembler
    return entry
  }

  /// The code of all functions, ready to run, and how long it is.
  consuming func finish() -> (memory: ExecutableMemory?, bytes: Int) {
    guard !isEmpty else { return (nil, 0) }
    let bytes = bytes()
    return (ExecutableMemory(bytes), bytes.count)
  }

  consuming func bytes() -> [UInt8] { assembler.finish() }
}
