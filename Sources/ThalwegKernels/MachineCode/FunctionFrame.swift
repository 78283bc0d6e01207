/// Where a function keeps its pointers, and what lies on its stack.
struct FunctionFrame {
  /// A place that moves along with the loops of a chain.
  struct Pointer {
    /// Nil where it lies in memory.
    var register: GeneralRegister?
    var memory: Address?
    /// Elements from one index of the innermost loop to the next.
    var stride: Int
    /// Where on the stack 16 bits lie that are 0 while the pointer is outside of its tensor.
    var rowMask: Int?
  }

  var pointers: [Pointer] = []
  /// Bytes of the stack that hold numbers of the loops.
  private(set) var bytes = 0
  /// Vectors of the stack that hold values for which there is no register.
  var spills = 0

  /// The index of the innermost loop, in bytes of a contiguous operand.
  static let index = GeneralRegister.rax
  /// The end of the innermost loop, or the index of the one around it.
  static let limit = GeneralRegister.rcx
  static let scratch = GeneralRegister.rdx
  static let secondScratch = GeneralRegister.rsi
  /// Those for pointers; the last five belong to the caller and are saved.
  static let pointerRegisters: [GeneralRegister] = [
    .r8, .r9, .r10, .r11, .rdi, .rbx, .r12, .r13, .r14, .r15,
  ]
  static let ownRegisters = 5

  /// Reserves 8 bytes of the stack and returns their offset.
  mutating func reserve() -> Int {
    bytes += 8
    return bytes - 8
  }

  /// Reserves so many bytes of the stack, whole lines of the cache, and returns their offset.
  mutating func reserve(bytes count: Int) -> Int {
    bytes = (bytes + 63) & ~63
    defer { bytes += count }
    return bytes
  }

  var spillBase: Int { (bytes + 63) & ~63 }
  var totalBytes: Int { spillBase + 64 * spills }
  var usesStack: Bool { totalBytes > 0 }
}

extension FunctionFrame {
  /// The address of a place, after instructions that compute what does not fit in an address.
  func address(of place: VectorPlace, _ assembler: inout Assembler) -> Address {
    let pointer = pointers[place.pointer]
    let base = pointer.register ?? Self.scratch
    if let memory = pointer.memory { assembler.load(base, memory) }
    guard place.isIndexed, pointer.stride != 0 else { return Address(base, place.displacement) }
    if [1, 2, 4, 8].contains(pointer.stride) {
      let address = Address(base, index: Self.index, scale: pointer.stride, place.displacement)
      // Where every lane has an index of its own, there is no room for another one.
      if place.form == .neighbours { return address }
      assembler.loadAddress(Self.secondScratch, address)
      return Address(Self.secondScratch)
    }
    assembler.multiply(Self.secondScratch, Self.index, immediate: pointer.stride)
    assembler.add(Self.secondScratch, base)
    return Address(Self.secondScratch, place.displacement)
  }
}
