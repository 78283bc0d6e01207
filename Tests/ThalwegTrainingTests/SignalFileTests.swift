import Foundation
import Testing
import ThalwegTensors
import ThalwegTraining

/// Signals in files of three formats.
@Suite struct SignalFileTests {
  /// Two channels of three samples, in turn.
  private static let integers: [UInt8] = [1, 0, 0, 1, 255, 255, 2, 1, 0, 128, 255, 127]
  private static let channels: [[Double]] = [[1, -1, -32_768], [256, 258, 32_767]]

  private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "signals-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    return "\(folder)/\(name)"
  }

  @Test func `integers of 16 bits are read, channels in turn`() throws {
    let path = try file("ecg.i16le", Self.integers)
    let two = try SignalFile(contentsOf: path, channels: 2).samples
    #expect(two.shape == [2, 3] && two.values == Self.channels.flatMap { $0 })
    let one = try SignalFile(contentsOf: path).samples
    #expect(one.shape == [1, 6] && one.values == [1, 256, -1, 258, -32_768, 32_767])
  }

  @Test func `columns of tables and of arrays are channels`() throws {
    let text = "a,b\n1,256\n-1,258\n-32768,32767\n"
    let table = try SignalFile(contentsOf: try file("ecg.csv", Array(text.utf8))).samples
    let array = Tensor([1, 256, -1, 258, -32_768, 32_767], shape: [3, 2])
    let bytes = NumPyArray(array.to(.float32)).bytes
    for samples in [table, try SignalFile(contentsOf: try file("ecg.NPY", bytes)).samples] {
      #expect(samples.shape == [2, 3] && samples.values == Self.channels.flatMap { $0 })
      #expect(samples.dtype == .float64)
    }
    let line = try file("line.npy", NumPyArray(Tensor([4, 5])).bytes)
    #expect(try SignalFile(contentsOf: line).samples.shape == [1, 2])
  }

  @Test(
    arguments: [
      ("a.i16le", [1, 2, 3], "3 bytes"), ("a.i16le", [], "0 bytes"), ("a.wav", [1, 2], ".npy"),
      ("a.npy", NumPyArray(Tensor([1, .nan])).bytes, "not finite"),
      ("a.npy", NumPyArray(.zeros([2, 2, 2])).bytes, "[2, 2, 2]"),
      ("a.npy", NumPyArray(.zeros([0, 3])).bytes, "[0, 3]"),
      ("a.i16le.gz", [0x1f, 0x8b, 8], "compressed"),
    ] as [(String, [UInt8], String)])
  func `what is no signal is an error`(name: String, bytes: [UInt8], word: String) throws {
    let path = try file(name, bytes)
    let error = #expect(throws: DataError.self) { try SignalFile(contentsOf: path) }
    #expect(error.map { "\($0)".contains(word) && $0.path == path } == true, "\(error as Any)")
  }
}
