import Testing
import ThalwegTestSupport
import ThalwegTraining

@Suite struct JSONTests {
  private func parse(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

  @Test func `values are read`() throws {
    let text = #" { "a" : [1, -2.5e1, true, false, null], "b":{"c":"d"}, "e": 0 } "#
    #expect(
      try parse(text)
        == .object([
          "a": .array([.integer(1), .number(-25), .boolean(true), .boolean(false), .null]),
          "b": .object(["c": .string("d")]), "e": .integer(0),
        ]))
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\u20AC""#, "é€"),
    (#""\ud83d\ude00""#, "😀"), (#""σ ünï""#, "σ ünï"),
  ])
  func `escapes are read`(text: String, expected: String) throws {
    #expect(try parse(text) == .string(expected))
  }

  @Test func `what is written is read back`() throws {
    let value = JSON.object([
      "quote\"d\n\u{1}": .string("😀 \\ \u{1f}"), "n": .number(0.1), "i": .integer(.min),
      "l": .array([.null, .array([]), .object([])]), "big": .number(1e300),
    ])
    #expect(try parse("\(value)") == value)
    #expect(!"\(value)".contains("\n"))
    #expect("\(JSON.number(.nan))" == "null")
  }

  @Test(arguments: [
    "", " ", "{", "}", "[", "[1,]", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{a:1}", "[1 2]", "1 2",
    "01", "-", "1.", ".5", "1e", "+1", "1e999", "nul", "True", "\"", "\"\\x\"", "\"\\u12\"",
    "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "{\"a\":1,\"a\":2}", "NaN",
    "{\"\\u0061\":1,\"a\":2}",
  ])
  func `what is no JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try parse(text) }
  }

  @Test func `deep nesting is refused and does not overflow the stack`() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONError.self) { try JSON(parsing: deep) }
  }

  @Test func `strings that are not UTF-8 are refused`() {
    for bytes in [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]] {
      #expect(throws: JSONError.self) { try JSON(parsing: [0x22] + bytes + [0x22]) }
    }
  }

  @Test func `mutations never trap`() throws {
    let text = Array(#"{"a":[1,-2.5e1,true,null],"b":{"c":"d\u00e9\ud83d\ude00"}}"#.utf8)
    var random = SplitMix64(seed: 1)
    for _ in 0..<5000 {
      var bytes = text
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      if let value = try? JSON(parsing: bytes) { #expect(try parse("\(value)") == value) }
    }
  }
}
