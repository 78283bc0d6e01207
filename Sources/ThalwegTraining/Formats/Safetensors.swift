import ThalwegKernels
public import ThalwegTensors

/// Named tensors and a few words about them: the contents of a safetensors file.
///
///     let file = try Safetensors(contentsOf: "weights.safetensors")
///     file.tensors["model.opening.weight"]
///
/// A file is eight bytes of length, a header of JSON, and the numbers, all little-endian. Reading
/// one checks that every byte belongs to one tensor, and cannot run code.
///
/// - Errors: ``SafetensorsError`` with the path, the place and what was expected.
/// - Source: the format of https://github.com/huggingface/safetensors; here with single and double
///   precision.
public struct Safetensors: Sendable {
  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// What is said about them.
  public var metadata: [String: String]

  /// The longest header that is read.
  static let headerLimit = 100_000_000

  /// Creates the contents of a file.
  public init(_ tensors: [String: Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads a file.
  public init(contentsOf path: String) throws(SafetensorsError) {
    let bytes: [UInt8]
    do {
      bytes = try fileBytes(path, limit: 1 << 32)
    } catch {
      throw SafetensorsError(path, .unreadable("\(error.found); expected \(error.expected)"))
    }
    try self.init(bytes: bytes, path: path)
  }

  /// Reads the bytes of a file.
  public init(bytes: [UInt8], path: String = "safetensors") throws(SafetensorsError) {
    let reader = try SafetensorsReader(bytes: bytes, path: path)
    self.init(reader.tensors, metadata: reader.metadata)
  }

  /// Writes a file, in place of one of the same name once it is complete.
  public func write(to path: String) throws(FileError) { try writeAtomically(bytes, to: path) }

  /// The bytes of a file: the same for the same contents.
  public var bytes: [UInt8] {
    // Wide numbers first, so that all are aligned; then by name.
    let names = tensors.keys.sorted { a, b in
      let sizes = [a, b].map { tensors[$0]?.dtype.size ?? 0 }
      return sizes[0] == sizes[1] ? a < b : sizes[0] > sizes[1]
    }
    var members: [JSON.Member] = []
    if !metadata.isEmpty {
      let words = metadata.sorted { $0.key < $1.key }
      members.append(
        .init(
          name: "__metadata__",
          value: .object(words.map { .init(name: $0.key, value: .string($0.value)) })))
    }
    var data: [UInt8] = []
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let start = data.count
      data += tensor.storage.bytes
      members.append(.init(name: name, value: Self.entry(tensor, start..<data.count)))
    }
    var header = Array("\(JSON.object(members))".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + data
  }

  private static func entry(_ tensor: Tensor, _ range: Range<Int>) -> JSON {
    .object([
      "dtype": .string(tensor.dtype == .float32 ? "F32" : "F64"),
      "shape": .array(tensor.shape.map { .integer($0) }),
      "data_offsets": .array([.integer(range.lowerBound), .integer(range.upperBound)]),
    ])
  }
}
