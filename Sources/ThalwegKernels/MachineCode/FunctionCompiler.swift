/// What writes a function: its frame, and blocks of vector code inside of it.
protocol FunctionCompiler {
  var assembler: Assembler { get set }
  var frame: FunctionFrame { get set }
  var pins: PinnedRegisters { get }
}

/// A chain cannot be translated; it is interpreted.
struct NotCovered: Error {}

extension FunctionCompiler {
  private var savedRegisters: [GeneralRegister] {
    let used = Set(frame.pointers.compactMap(\.register))
    let saved = FunctionFrame.pointerRegisters.dropFirst(FunctionFrame.ownRegisters)
    return saved.filter(used.contains)
  }

  /// Appends what `body` does between the beginning and the end of a function; again with a stack,
  /// if it turns out that one is needed.
  mutating func withFrame(
    needsStack: Bool, _ body: (inout Self) throws(NotCovered) -> Void
  ) throws(NotCovered) {
    let mark = assembler.mark
    let before = frame
    let stack = begin(withStack: needsStack || frame.usesStack)
    try body(&self)
    if stack == nil, frame.usesStack {
      assembler.reset(to: mark)
      frame = before
      return try withFrame(needsStack: true, body)
    }
    end(stack: stack)
  }

  /// Appends the beginning; the size of the stack is filled in at the end.
  private mutating func begin(withStack: Bool) -> Int? {
    if withStack {
      assembler.push(.rbp)
      assembler.move(.rbp, .rsp)
    }
    for register in savedRegisters { assembler.push(register) }
    return withStack ? assembler.reserveStack() : nil
  }

  private mutating func end(stack: Int?) {
    assembler.clearUpperHalves()
    if let stack {
      assembler.patchStack(stack, bytes: frame.totalBytes)
      assembler.loadAddress(.rsp, Address(.rbp, -8 * savedRegisters.count))
    }
    for register in savedRegisters.reversed() { assembler.pop(register) }
    if stack != nil { assembler.pop(.rbp) }
    assembler.move(.rax, immediate: 0)
    assembler.returnToCaller()
  }

  /// Appends the code of a block.
  mutating func emit(_ block: VectorBlock) throws(NotCovered) {
    var taken = Assembler()
    swap(&taken, &assembler)
    let result = BlockEmitter(block, pins: pins, taken, frame).emit()
    assembler = result.assembler
    frame = result.frame
    if result.failure { throw NotCovered() }
  }
}
