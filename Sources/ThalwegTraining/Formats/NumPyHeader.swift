import ThalwegKernels

/// What stands before the numbers of a `.npy` file, checked.
struct NumPyHeader {
  private(set) var dtype = DType.float64
  private(set) var isBigEndian = false
  private(set) var isInColumns = false
  private(set) var lengths: [Int] = []
  /// Where the numbers begin.
  let dataStart: Int
  /// The bytes of the numbers.
  private(set) var byteCount = 0

  /// The longest header that is read; NumPy itself refuses longer ones than 10,000 letters.
  private static let limit = 1 << 16

  init(_ bytes: [UInt8], path: String) throws(DataError) {
    let count = NumPyArray.signature.count
    guard bytes.starts(with: NumPyArray.signature), bytes.count >= count + 4 else {
      throw DataError(path, at: .byte(0), found: "another format", expected: "a .npy file of NumPy")
    }
    let version = Int(bytes[count])
    // The length has two bytes in version 1 and four in versions 2 and 3.
    let width = version == 1 ? 2 : 4
    guard (1...3).contains(version), bytes.count >= count + 2 + width else {
      throw DataError(
        path, at: .byte(count), found: "version \(version)", expected: "version 1, 2 or 3")
    }
    let start = count + 2 + width
    let length = bytes[(count + 2)..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.limit, length <= bytes.count - start else {
      throw DataError(
        path, at: .byte(count + 2), found: "a header of \(length) bytes",
        expected: "at most \(Swift.min(Self.limit, bytes.count - start))")
    }
    dataStart = start + length
    var parser = PythonLiteral(bytes[start..<dataStart])
    let members: [(name: String, value: PythonLiteral.Value)]
    do {
      members = try parser.dictionary()
    } catch {
      throw DataError(
        path, at: .byte(error.offset), found: error.reason,
        expected: "a dictionary of descr, fortran_order and shape")
    }
    try take(members, path, start)
  }

  private mutating func take(
    _ members: [(name: String, value: PythonLiteral.Value)], _ path: String, _ start: Int
  ) throws(DataError) {
    guard members.map(\.name).sorted() == ["descr", "fortran_order", "shape"] else {
      throw DataError(
        path, at: .byte(start), found: "the words \(members.map(\.name))",
        expected: "descr, fortran_order and shape, once each")
    }
    for (name, value) in members {
      switch (name, value) {
      case ("descr", .text(let kind)): try takeKind(kind, path, start)
      case ("fortran_order", .truth(let truth)): isInColumns = truth
      case ("shape", .tuple(let lengths)): self.lengths = lengths
      default:
        throw DataError(
          path, at: .byte(start), found: "\(name) of another kind",
          expected: "'<f8' or the like, a truth value and a tuple of lengths")
      }
    }
    guard lengths.count <= Shape.maximumRank else {
      throw DataError(
        path, at: .byte(start), found: "\(lengths.count) axes",
        expected: "at most \(Shape.maximumRank)")
    }
    var size = dtype.size
    for length in lengths {
      // Lengths beside a 0 are bounded too: strides are products of them.
      let (product, overflow) = size.multipliedReportingOverflow(by: Swift.max(length, 1))
      guard !overflow else {
        throw DataError(
          path, at: .byte(start), found: "the shape \(lengths)", expected: "a smaller one")
      }
      size = product
    }
    byteCount = lengths.contains(0) ? 0 : size
  }

  private mutating func takeKind(_ kind: String, _ path: String, _ start: Int) throws(DataError) {
    let kinds: [String: DType] = ["f4": .float32, "f8": .float64]
    guard let order = kind.first, "<>=".contains(order), let dtype = kinds[String(kind.dropFirst())]
    else {
      throw DataError(
        path, at: .byte(start), found: "numbers of the kind '\(kind.prefix(20))'",
        expected: "'<f4', '<f8', '>f4' or '>f8'; in NumPy: array.astype('<f8')")
    }
    self.dtype = dtype
    isBigEndian = order == ">"
  }
}
