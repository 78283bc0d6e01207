/// Reads the few kinds of Python's literals that headers of `.npy` files consist of.
struct PythonLiteral {
  /// A value.
  enum Value: Equatable {
    case text(String)
    case truth(Bool)
    case tuple([Int])
  }

  /// What is wrong and at which byte of the file.
  struct Fault: Error {
    let offset: Int
    let reason: String
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  private func fault(_ reason: String) -> Fault { Fault(offset: position, reason: reason) }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x0a, 0x09, 0x0d].contains(bytes[position]) {
      position += 1
    }
  }

  /// Whether a character comes next, after space; if so it is passed.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else {
      return false
    }
    position += 1
    return true
  }

  /// The members of a dictionary which is the whole text.
  mutating func dictionary() throws(Fault) -> [(name: String, value: Value)] {
    guard take("{") else { throw fault("no dictionary") }
    var members: [(name: String, value: Value)] = []
    while !take("}") {
      guard members.isEmpty || members.count < 16 else { throw fault("too many words") }
      let name = try text()
      guard take(":") else { throw fault("no colon after a word") }
      members.append((name, try value()))
      guard take(",") else {
        guard take("}") else { throw fault("a dictionary that does not end") }
        break
      }
    }
    skipSpace()
    guard position == bytes.endIndex else { throw fault("more after the dictionary") }
    return members
  }

  private mutating func value() throws(Fault) -> Value {
    skipSpace()
    let rest = bytes[position...]
    for (word, truth) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
      position += word.utf8.count
      return .truth(truth)
    }
    return take("(") ? .tuple(try wholeNumbers()) : .text(try text())
  }

  private mutating func text() throws(Fault) -> String {
    skipSpace()
    guard position < bytes.endIndex, [0x22, 0x27].contains(bytes[position]) else {
      throw fault("no word in quotes")
    }
    let quote = bytes[position]
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else {
      throw fault("a word that does not end")
    }
    let letters = bytes[(position + 1)..<end]
    guard letters.allSatisfy({ 0x20 <= $0 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else {
      throw fault("a word with other letters than plain ones")
    }
    position = end + 1
    return String(decoding: letters, as: UTF8.self)
  }

  /// The numbers of a tuple after its opening bracket.
  private mutating func wholeNumbers() throws(Fault) -> [Int] {
    var numbers: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = bytes[position...].prefix { (48...57).contains($0) }
      guard !digits.isEmpty, let number = Int(String(decoding: digits, as: UTF8.self)),
        numbers.count < 64
      else { throw fault("no whole number from 0 in a tuple") }
      numbers.append(number)
      position = digits.endIndex
      guard take(",") else {
        guard take(")") else { throw fault("a tuple that does not end") }
        break
      }
    }
    return numbers
  }
}
