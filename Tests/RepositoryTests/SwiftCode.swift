import Testing

/// Swift source with its comments, strings and backticked names blanked out.
///
/// Line breaks stay where they are and nothing moves, so lines and columns are those of the source.
/// What remains can be searched for words and braces.
func blanked(_ source: String) -> String {
  var reader = CodeReader(source)
  return reader.blanked()
}

private struct CodeReader {
  private let bytes: [UInt8]
  private var output: [UInt8]
  private var position = 0

  init(_ source: String) {
    bytes = Array(source.utf8)
    output = bytes
  }

  mutating func blanked() -> String {
    while position < bytes.count {
      skip()
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Steps over one piece of code, a comment, a string or a quoted name.
  private mutating func skip() {
    if starts(with: "//") {
      blankLine()
    } else if starts(with: "/*") {
      blankBlockComment()
    } else if starts(with: "`") {
      blankQuotedName()
    } else if let hashes = hashesOfString() {
      blankString(hashes: hashes)
    } else {
      position += 1
    }
  }

  private func starts(with text: StaticString, at offset: Int = 0) -> Bool {
    let start = position + offset
    let wanted = Array(text.description.utf8)
    return start + wanted.count <= bytes.count
      && bytes[start..<start + wanted.count].elementsEqual(wanted)
  }

  private func hashCount(at offset: Int) -> Int {
    bytes[min(position + offset, bytes.count)...].prefix { $0 == UInt8(ascii: "#") }.count
  }

  /// The number of `#` before the quotation mark if a string begins here.
  private func hashesOfString() -> Int? {
    let hashes = hashCount(at: 0)
    return starts(with: "\"", at: hashes) ? hashes : nil
  }

  private mutating func blank(_ count: Int, with filler: Unicode.Scalar = " ") {
    let end = min(position + count, bytes.count)
    for i in position..<end where bytes[i] != UInt8(ascii: "\n") {
      output[i] = UInt8(ascii: filler)
    }
    position = end
  }

  private mutating func blankLine() {
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      blank(1)
    }
  }

  private mutating func blankBlockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        blank(2)
      } else if starts(with: "*/") {
        depth -= 1
        blank(2)
      } else {
        blank(1)
      }
    } while depth > 0 && position < bytes.count
  }

  /// A name in backticks becomes a plain name of the same length.
  private mutating func blankQuotedName() {
    blank(1, with: "_")
    while position < bytes.count, !starts(with: "`"), !starts(with: "\n") {
      blank(1, with: "_")
    }
    blank(1, with: "_")
  }

  private mutating func blankString(hashes: Int) {
    let isMultiline = starts(with: "\"\"\"", at: hashes)
    let quotes = isMultiline ? 3 : 1
    blank(hashes + quotes)
    while position < bytes.count {
      if isMultiline ? starts(with: "\"\"\"") : starts(with: "\""), hashCount(at: quotes) >= hashes
      {
        return blank(quotes + hashes)
      }
      if starts(with: "\\"), hashCount(at: 1) >= hashes {
        let escape = 1 + hashes
        let isInterpolation = starts(with: "(", at: escape)
        blank(escape + 1)
        if isInterpolation {
          blankInterpolation()
        }
      } else if !isMultiline, starts(with: "\n") {
        return
      } else {
        blank(1)
      }
    }
  }

  private mutating func blankInterpolation() {
    var depth = 1
    while depth > 0, position < bytes.count {
      if let hashes = hashesOfString() {
        blankString(hashes: hashes)
        continue
      }
      if starts(with: "(") { depth += 1 }
      if starts(with: ")") { depth -= 1 }
      blank(1)
    }
  }
}

/// Whether a byte may be part of an identifier; bytes beyond ASCII are taken as letters.
func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
    true
  default:
    false
  }
}

@Suite struct SwiftCodeTests {
  @Test(arguments: [
    ("a // b { \"\nc", "a         \nc"),
    ("a /* b /* c */ \n d */ e", "a              \n      e"),
    (#"f("{ \"x\" }") {"#, "f(           ) {"),
    (#"f("\(g("a") + "}")") {"#, "f(                 ) {"),
    ("\"\"\"\n{ \"\n\"\"\" }", "   \n   \n    }"),
    ("#\"\\(a) \" {\"# }", "             }"),
    ("func `a } step`() {", "func __________() {"),
    ("#expect(a) // b", "#expect(a)     "),
    ("let ψ = \"é\"", "let ψ =     "),
    ("\"open\n}", "     \n}"),
  ])
  func `comments, strings and quoted names are blanked`(source: String, expected: String) {
    #expect(blanked(source) == expected)
  }
}
