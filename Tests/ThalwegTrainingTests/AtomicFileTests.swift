import Foundation
import Testing
import ThalwegTraining

@Suite struct AtomicFileTests {
  @Test func `a file is replaced and nothing else is left`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    for text in ["first", "the second"] {
      try writeAtomically(Array(text.utf8), to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
  }

  @Test func `a reader always finds a whole file`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    let sizes = [10, 100_000, 3_000_000]
    try writeAtomically([UInt8](repeating: 0, count: sizes[0]), to: path)
    let writer = Task {
      for round in 0..<30 {
        let value = UInt8(round % 3)
        try writeAtomically([UInt8](repeating: value, count: sizes[round % 3]), to: path)
      }
    }
    for _ in 0..<200 {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let value = try #require(bytes.first)
      #expect(bytes.count == sizes[Int(value)] && bytes.allSatisfy { $0 == value })
    }
    try await writer.value
  }

  @Test(arguments: ["/nonexistent/folder/file", "/proc/file"])
  func `a file that cannot be written is an error with the path`(path: String) throws {
    let error = try #require(throws: FileError.self) { try writeAtomically([1], to: path) }
    #expect("\(error)".hasPrefix(path))
  }
}
