import Foundation
import Testing
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// A file with a given header and data.
private func file(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  let length = length ?? UInt64(header.utf8.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
}

/// An entry of a header.
private func entry(
  _ name: String, _ shape: String = "[1]", _ offsets: String = "[0,4]", dtype: String = "F32"
) -> String {
  "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
}

@Suite struct SafetensorsTests {
  @Test func `a file written by hand is read`() throws {
    // 1.5 in single precision is 3fc00000, -2 in double precision c000000000000000.
    let bytes = file(
      "{\"__metadata__\":{\"by\":\"hand\"},\(entry("a", "[1,1]"))"
        + ",\(entry("b", "[]", "[4,12]", dtype: "F64"))}  ",
      [0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0])
    let contents = try Safetensors(bytes: bytes)
    #expect(contents.metadata == ["by": "hand"])
    #expect(contents.tensors["a"]?.type == TensorType([1, 1], .float32))
    #expect(contents.tensors["a"]?.values == [1.5])
    #expect(contents.tensors["b"]?.type == TensorType([], .float64))
    #expect(contents.tensors["b"]?.values == [-2])
  }

  /// A file that the implementation of the format's authors wrote (safetensors for Python).
  private static let reference = """
    wAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJ4IjoieSJ9LCJiIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsy \
    XSwiZGF0YV9vZmZzZXRzIjpbMCwxNl19LCLPgCI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbXSwiZGF0YV9v \
    ZmZzZXRzIjpbMTYsMjRdfSwiYSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRz \
    IjpbMjQsNDhdfX0AAAAAAAD4PwAAAAAAAARAAAAAAAAACEAAAAAAAACAPwAAAEAAAEBAAACAQAAAoEA=
    """

  @Test func `a file of the reference implementation is read and written alike`() throws {
    let bytes = [UInt8](
      try #require(Data(base64Encoded: Self.reference, options: .ignoreUnknownCharacters)))
    let contents = try Safetensors(bytes: bytes)
    #expect(contents.tensors["a"]?.shape == [2, 3])
    #expect(contents.tensors["a"]?.values == [0, 1, 2, 3, 4, 5])
    #expect(contents.tensors["b"]?.values == [1.5, 2.5] && contents.tensors["π"]?.values == [3])
    #expect(contents.metadata == ["x": "y"])
    #expect(contents.bytes == bytes)
  }

  private let sample = Safetensors(
    [
      "weight": Tensor([1, -0.0, .infinity, 1e-45, 0.1, 3], shape: [2, 3], dtype: .float32),
      "π": Tensor([Double.pi]), "none": .zeros([0, 3]), "z": Tensor([7], shape: []),
    ], metadata: ["note": "a \"quoted\"\nline", "empty": ""])

  @Test func `what is written is read back to the bit`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.safetensors"
    try sample.write(to: path)
    let contents = try Safetensors(contentsOf: path)
    #expect(contents.metadata == sample.metadata)
    #expect(Set(contents.tensors.keys) == Set(sample.tensors.keys))
    for (name, tensor) in sample.tensors {
      #expect(contents.tensors[name]?.type == tensor.type)
      #expect(contents.tensors[name]?.storage.bytes == tensor.storage.bytes)
    }
    #expect(contents.bytes == sample.bytes)
  }

  @Test func `data begin at a multiple of eight with the widest numbers`() throws {
    let bytes = sample.bytes
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length % 8 == 0)
    let pi = withUnsafeBytes(of: Double.pi.bitPattern.littleEndian, Array.init)
    // Double before single precision, and then by name: nothing of "none", 7 of "z", and π.
    #expect(Array(bytes[(16 + length)..<(24 + length)]) == pi)
  }

  /// Files that are wrong, and what the error says.
  private static let wrongFiles: [(bytes: [UInt8], expected: String)] = {
    let four: [UInt8] = [0, 0, 0, 0]
    return [
      ([], "byte 0"), ([1, 2, 3], "byte 0"), (file("", length: 8), "byte 0"),
      (file("{}", length: .max), "byte 0: a header of 18446744073709551615 bytes"),
      (file("{}", length: 1 << 62), "byte 0"), (file("{}", length: 100_000_001), "byte 0"),
      (file(""), "byte 8"), (file("[]"), "no object"), (file(" {}"), "no object"),
      (file("{} x"), "byte 11"), (file("{\"a\":1}"), "tensor 'a'"),
      (file("{}", [0]), "1 bytes of data"),
      (file("{\(entry("a")),\(entry("a"))}", four), "twice"),
      (file("{\(entry("a"))}"), "0 bytes of data, expected 4"),
      (file("{\(entry("a", "[2]"))}", four), "4 bytes; expected 8 for F32 of shape [2]"),
      (
        file("{\(entry("a", dtype: "I32"))}", four), "\"I32\"; expected \"F32\" or \"F64\""
      ),
      (file("{\(entry("a", "[-1]"))}", four), "whole numbers"),
      (file("{\(entry("a", "[1.0]"))}", four), "whole numbers"),
      (file("{\(entry("a", "[9223372036854775807,9]"))}", four), "too large"),
      (file("{\(entry("a", "[1,1,1,1,1,1,1,1,1]"))}", four), "9 axes"),
      (file("{\(entry("a", "[1]", "[4,0]"))}", four), "data_offsets [4, 0]"),
      (file("{\(entry("a", "[1]", "[0]"))}", four), "data_offsets [0]"),
      (
        file("{\(entry("a", "[1]", "[4,8]"))}", [0, 0, 0, 0, 0, 0, 0, 0]),
        "begin at byte 4; expected 0"
      ),
      (
        file("{\(entry("a")),\(entry("b", "[1]", "[0,4]"))}", four),
        "begin at byte 0; expected 4"
      ),
      (file("{\(entry("a")),\(entry("b", "[1]", "[2,6]"))}", [0, 0, 0, 0, 0, 0]), "expected 4"),
      (
        file("{\(entry("a")),\(entry("b", "[1]", "[8,12]"))}", [UInt8](repeating: 0, count: 12)),
        "expected 4"
      ),
      (file("{\"__metadata__\":{\"a\":1}}"), "'a' is 1; expected a string"),
      (file("{\"__metadata__\":[]}"), "no object"),
      (file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", four), "data_offsets"),
    ]
  }()

  @Test(arguments: wrongFiles)
  func `a wrong file is refused with the place`(file: (bytes: [UInt8], expected: String)) throws {
    let error = try #require(throws: SafetensorsError.self) {
      try Safetensors(bytes: file.bytes, path: "a.safetensors")
    }
    #expect("\(error)".contains(file.expected) && "\(error)".hasPrefix("a.safetensors"))
    #expect(!"\(error)".contains("\n"))
  }

  @Test func `a header that is not UTF-8 is refused`() {
    var bytes = file("{\(entry("a"))}", [0, 0, 0, 0])
    bytes[10] = 0xff
    #expect(throws: SafetensorsError.self) { try Safetensors(bytes: bytes) }
  }

  @Test func `every truncation is refused`() {
    let bytes = sample.bytes
    for length in 0..<bytes.count {
      #expect(throws: SafetensorsError.self) {
        try Safetensors(bytes: Array(bytes.prefix(length)))
      }
    }
  }

  @Test func `mutations never trap`() {
    let bytes = sample.bytes
    var random = SplitMix64(seed: 1)
    for round in 0..<4000 {
      var mutant = bytes
      // The header has most ways to be wrong.
      let end = round % 2 == 0 ? mutant.count : 8 + 64
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        mutant[.random(in: 0..<end, using: &random)] = .random(in: 0...255, using: &random)
      }
      _ = try? Safetensors(bytes: mutant)
    }
  }

  @Test func `a missing file is an error`() {
    #expect(throws: SafetensorsError.self) {
      try Safetensors(contentsOf: "/nonexistent/a.safetensors")
    }
  }
}
