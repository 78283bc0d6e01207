import Foundation
import Testing
import ThalwegTestSupport
import ThalwegTraining

/// A folder that is removed with its contents.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "thalweg-\(UUID())")
    try Self.make(url.path)
    path = url.path
  }

  /// Makes a folder, and those that it is in.
  static func make(_ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(Array(bytes)).write(to: URL(fileURLWithPath: file))
    return file
  }
}

private let goodLine = Array(repeating: "3", count: 64).joined(separator: ",") + ",7"

@Suite struct OptdigitsFileTests {
  @Test(arguments: ["\n", "\r\n"])
  func `lines of numbers are read`(ending: String) throws {
    let folder = try TemporaryFolder()
    let other = "16," + Array(repeating: "0", count: 63).joined(separator: ",") + ",0"
    let text = [goodLine, other, ""].joined(separator: ending)
    let data = try Dataset.optdigits(contentsOf: folder.write(text.utf8, to: "a"))
    #expect(data.classes == [7, 0])
    #expect(
      data.pixels == [UInt8](repeating: 3, count: 64) + [16] + [UInt8](repeating: 0, count: 63))
  }

  /// Lines that are wrong in the second place of a file, and what the error says.
  private static let wrongLines: [(String, String)] = {
    let rest = String(goodLine.dropFirst())
    return [
      ("", "line 2: 0 values"), ("1,2,3", "line 2: 3 values"),
      ("\(goodLine),1", "line 2: 66 values"),
      (goodLine.replacing("7", with: "10"), "line 2: value 65 is '10'"),
      ("17\(rest)", "line 2: value 1 is '17'; expected a whole number from 0 to 16"),
      ("-3\(rest)", "value 1 is '-3'"), ("x\(rest)", "'x'"), (rest, "value 1 is ''"),
      ("9999999999999\(rest)", "'999999999999...'"), ("\u{7}\u{fffd}\(rest)", "value 1 is '????'"),
    ]
  }()

  @Test(arguments: wrongLines)
  func `a wrong line is named`(line: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("\(goodLine)\n\(line)\n\(goodLine)\n".utf8, to: "digits")
    let error = try #require(throws: DataError.self) { try Dataset.optdigits(contentsOf: path) }
    #expect("\(error)".contains(expected))
    #expect("\(error)".hasPrefix(path) && !"\(error)".contains("\n"))
  }

  @Test func `what is no file is an error`() throws {
    let folder = try TemporaryFolder()
    for path in ["\(folder.path)/none", folder.path, "/dev/null", "/dev/zero"] {
      #expect(throws: DataError.self) { try Dataset.optdigits(contentsOf: path) }
    }
    let empty = try folder.write([], to: "empty")
    let error = try #require(throws: DataError.self) { try Dataset.optdigits(contentsOf: empty) }
    #expect("\(error)".contains("no examples"))
  }

  @Test func `a folder has a training and a test file`() throws {
    let folder = try TemporaryFolder()
    var error = try #require(throws: DataError.self) { try Dataset.optdigits(in: folder.path) }
    #expect("\(error)".contains("no file optdigits.tra"))
    try folder.write("\(goodLine)\n\(goodLine)\n".utf8, to: "optdigits.tra")
    error = try #require(throws: DataError.self) { try Dataset.optdigits(in: folder.path) }
    #expect("\(error)".contains("no file optdigits.tes"))
    try folder.write("\(goodLine)\n".utf8, to: "optdigits.tes")
    let split = try Dataset.optdigits(in: folder.path)
    #expect(split.training.count == 2 && split.test.count == 1)
    #expect(throws: DataError.self) { try Dataset.optdigits(in: folder.path + "/none") }
  }
}

/// Two images of 2 × 3 pixels and their labels.
private let images: [UInt8] =
  [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
private let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 9, 0]

/// The images compressed by gzip.
private let compressedImages = Data(
  base64Encoded: "H4sIAAAAAAACA2Ng4GBmYGBggmJmRiZmFlY2dg5OLm4eAEgRDIQcAAAA")

@Suite struct IDXFileTests {
  private func read(_ images: [UInt8], _ labels: [UInt8]) throws -> Dataset {
    let folder = try TemporaryFolder()
    return try Dataset.mnist(
      images: folder.write(images, to: "images"), labels: folder.write(labels, to: "labels"))
  }

  @Test func `images and labels are read`() throws {
    let data = try read(images, labels)
    #expect(data.count == 2 && data.height == 2 && data.width == 3 && data.maximum == 255)
    #expect(data.pixels == Array(1...12) && data.classes == [9, 0])
  }

  @Test func `compressed images are read`() throws {
    let compressed = [UInt8](try #require(compressedImages))
    #expect(try read(compressed, labels).pixels == Array(1...12))
  }

  @Test func `a folder is read by the usual names`() throws {
    let folder = try TemporaryFolder()
    for part in ["train", "t8k"] {
      try folder.write(try #require(compressedImages), to: "\(part)-images-idx3-ubyte.gz")
      try folder.write(labels, to: "\(part)-labels-idx1-ubyte")
    }
    let split = try Dataset.mnist(in: folder.path, name: "mnist")
    #expect(split.training.pixels == Array(1...12) && split.test.classes == [9, 0])
  }

  /// Pairs of files of which one is wrong, and what the error says.
  private static let wrongFiles: [(images: [UInt8], labels: [UInt8], expected: String)] = {
    let magic: [UInt8] = [0, 0, 8, 3]
    let none = [UInt8](repeating: 0, count: 12)
    let endless = [UInt8](repeating: 255, count: 12)
    return [
      ([], labels, "byte 0: the end of the file"),
      (Array(images.prefix(15)), labels, "byte 15: the end of the file"),
      (labels + labels, labels, "byte 0: [0, 0, 8, 1]; expected [0, 0, 8, 3]"),
      (images.dropLast(), labels, "11 bytes of data; expected 12 for lengths [2, 2, 3]"),
      (images + [0], labels, "13 bytes of data"), (magic + endless, labels, "0 bytes of data"),
      (images, [0, 0, 8, 1, 0, 0, 0, 1, 9], "1 labels; expected 2"),
      (images, labels.dropLast() + [10], "byte 9: label 10"),
      (magic + none, [0, 0, 8, 1, 0, 0, 0, 0], "lengths [0, 0, 0]"),
    ]
  }()

  @Test(arguments: wrongFiles)
  func `a wrong file is named with the place`(
    file: (images: [UInt8], labels: [UInt8], expected: String)
  ) throws {
    let error = try #require(throws: DataError.self) { try read(file.images, file.labels) }
    #expect("\(error)".contains(file.expected))
  }

  @Test func `no damage to compressed data goes unnoticed or traps`() throws {
    let good = [UInt8](try #require(compressedImages))
    for length in 0..<good.count {
      #expect(throws: DataError.self) { try read(Array(good.prefix(length)), labels) }
    }
    var random = SplitMix64(seed: 1)
    for _ in 0..<300 {
      var bytes = good
      let place = Int.random(in: 0..<bytes.count, using: &random)
      bytes[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
      // The header has bits without meaning; the data have a checksum.
      if let data = try? read(bytes, labels) { #expect(data.pixels == Array(1...12)) }
    }
    #expect(throws: DataError.self) { try read(good + [1, 2, 3], labels) }
  }

  @Test func `mutations of plain files never trap`() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<500 {
      var bytes = images
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      _ = try? read(bytes, labels)
    }
  }
}
