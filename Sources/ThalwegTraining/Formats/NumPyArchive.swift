public import ThalwegTensors

/// Named arrays in a `.npz` file, as `numpy.savez` and `numpy.savez_compressed` store them.
///
///     let archive = try NumPyArchive(contentsOf: "data.npz")
///     archive.arrays["times"]
///     try NumPyArchive(["times": times, "states": states]).write(to: "result.npz")
///
/// It is a ZIP file whose entries are `.npy` files; they are written as they are and read as they
/// are or deflated, and their checksums are compared.
///
/// - Errors: ``DataError`` with the path, the entry or byte and what was expected; ``FileError`` in
///   writing.
public struct NumPyArchive: Sendable {
  /// The arrays by name, without the ending `.npy`.
  public var arrays: [String: Tensor]

  private static let ending = ".npy"

  /// Creates the contents of a file.
  public init(_ arrays: [String: Tensor]) { self.arrays = arrays }

  /// Reads a file.
  public init(contentsOf path: String) throws(DataError) {
    try self.init(bytes: try fileBytes(path, limit: 1 << 32), path: path)
  }

  /// Reads the bytes of a file.
  public init(bytes: [UInt8], path: String = "npz") throws(DataError) {
    arrays = [:]
    let archive = try ZIPArchive(bytes: bytes, path: path)
    for entry in archive.entries {
      let name =
        entry.name.hasSuffix(Self.ending)
        ? String(entry.name.dropLast(Self.ending.count)) : entry.name
      let array = try NumPyArray(bytes: entry.contents, path: "\(path), '\(entry.name)'")
      guard arrays.updateValue(array.tensor, forKey: name) == nil else {
        throw DataError(path, found: "two arrays '\(name)'", expected: "names that differ")
      }
    }
  }

  /// The bytes of a file: the same for the same contents.
  public var bytes: [UInt8] {
    ZIPArchive(
      entries: arrays.sorted { $0.key < $1.key }.map { name, tensor in
        ZIPArchive.Entry(name: name + Self.ending, contents: NumPyArray(tensor).bytes)
      }
    ).bytes
  }

  /// Writes a file, in place of one of the same name once it is complete.
  public func write(to path: String) throws(FileError) { try writeAtomically(bytes, to: path) }
}
