/// Why a text is no JSON: what is wrong and at which byte.
package struct JSONError: Error, Hashable, Sendable {
  package let offset: Int
  package let reason: String
}

extension JSON {
  /// Reads a value that is the whole text, apart from white space.
  ///
  /// Stricter than some: names within an object differ, and values nest 64 deep at most.
  package init(parsing bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }
}

/// A position in a text of JSON.
private struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func failure(_ reason: String) -> JSONError {
    JSONError(offset: position, reason: reason)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value()
    guard position == bytes.count else { throw failure("more after the end of the value") }
    return value
  }

  /// A value with the space around it.
  private mutating func value() throws(JSONError) -> JSON {
    skipSpace()
    guard let byte = next else { throw failure("the text ends where a value should begin") }
    depth += 1
    guard depth <= 64 else { throw failure("values nest more than 64 deep") }
    let value: JSON
    switch byte {
    case UInt8(ascii: "{"): value = try object()
    case UInt8(ascii: "["): value = try array()
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): value = try number()
    default: value = try word()
    }
    depth -= 1
    skipSpace()
    return value
  }

  private mutating func object() throws(JSONError) -> JSON {
    var members: [JSON.Member] = []
    var names: Set<String> = []
    position += 1
    skipSpace()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure("no name of a member") }
      let start = position
      let name = try string()
      guard names.insert(name).inserted else {
        throw JSONError(offset: start, reason: "the name '\(name)' occurs twice")
      }
      skipSpace()
      guard take(":") else { throw failure("no colon after a name") }
      members.append(JSON.Member(name: name, value: try value()))
    } while take(",")
    guard take("}") else { throw failure("an object does not end") }
    return .object(members)
  }

  private mutating func array() throws(JSONError) -> JSON {
    var values: [JSON] = []
    position += 1
    skipSpace()
    if take("]") { return .array([]) }
    repeat { values.append(try value()) } while take(",")
    guard take("]") else { throw failure("an array does not end") }
    return .array(values)
  }

  private mutating func word() throws(JSONError) -> JSON {
    let words: [(String, JSON)] = [
      ("true", .boolean(true)), ("false", .boolean(false)), ("null", .null),
    ]
    for (word, value) in words where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw failure("no value")
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    func digits(_ parser: inout JSONParser) throws(JSONError) {
      let first = parser.position
      while let byte = parser.next, byte >= 48, byte <= 57 { parser.position += 1 }
      guard parser.position > first else { throw parser.failure("a number without digits") }
    }
    _ = take("-")
    let hasLeadingZero = next == UInt8(ascii: "0")
    let first = position
    try digits(&self)
    guard !hasLeadingZero || position == first + 1 else {
      throw failure("a number begins with 0")
    }
    var isWhole = true
    if take(".") {
      isWhole = false
      try digits(&self)
    }
    if take("e") || take("E") {
      isWhole = false
      _ = take("+") || take("-")
      try digits(&self)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw failure("a number is too large") }
    return .number(value)
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("a string is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw failure("a control character in a string")
      default: text.append(byte)
      }
    }
    throw failure("a string does not end")
  }

  private mutating func escape() throws(JSONError) -> [UInt8] {
    guard let byte = next else { throw failure("a string does not end") }
    position += 1
    let plain: [UInt8: UInt8] = [
      0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d,
      0x74: 0x09,
    ]
    if let character = plain[byte] { return [character] }
    guard byte == UInt8(ascii: "u") else { throw failure("no escape of JSON") }
    var code = try hexadecimal()
    if (0xd800..<0xdc00).contains(code) {
      // The first half of a pair beyond the basic plane.
      guard take("\\"), take("u") else { throw failure("half of a surrogate pair") }
      let low = try hexadecimal()
      guard (0xdc00..<0xe000).contains(low) else { throw failure("half of a surrogate pair") }
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair") }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw failure("a string does not end") }
    let digits = bytes[position..<position + 4]
    guard digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit && $0 < 128 }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("no four hexadecimal digits") }
    position += 4
    return code
  }
}
