import ThalwegKernels
public import ThalwegTensors

/// An array in a `.npy` file, as NumPy stores one.
///
///     let array = try NumPyArray(contentsOf: "states.npy")
///     array.tensor                                        // what numpy.load gives
///     try NumPyArray(trajectory.states).write(to: "states.npy")
///
/// Numbers of 4 and 8 bytes are read, of either order of bytes, in rows (C) or in columns (Fortran).
/// What is written is little-endian, in rows, in version 1.0 of the format.
///
/// - Errors: ``DataError`` with the path, the byte and what was expected; ``FileError`` in writing.
/// - Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
public struct NumPyArray: Sendable {
  /// The numbers.
  public let tensor: Tensor

  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Creates an array for a file.
  public init(_ tensor: Tensor) { self.tensor = tensor }

  /// Reads a file.
  public init(contentsOf path: String) throws(DataError) {
    try self.init(bytes: try fileBytes(path, limit: 1 << 32), path: path)
  }

  /// Reads the bytes of a file.
  public init(bytes: [UInt8], path: String = "npy") throws(DataError) {
    let header = try NumPyHeader(bytes, path: path)
    let stored = bytes.count - header.dataStart
    guard stored == header.byteCount else {
      throw DataError(
        path, at: .byte(header.dataStart + Swift.min(stored, header.byteCount)),
        found: "\(stored) bytes of data",
        expected: "\(header.byteCount) for the shape \(header.lengths)")
    }
    var data = Array(bytes[header.dataStart...])
    let size = header.dtype.size
    if header.isBigEndian {
      for start in stride(from: 0, to: data.count, by: size) {
        data[start..<(start + size)].reverse()
      }
    }
    if header.isInColumns, header.lengths.count > 1 {
      data = Self.inRows(data, header.lengths, size)
    }
    tensor = Tensor(Storage(bytes: data, dtype: header.dtype), filling: Shape(header.lengths))
  }

  /// Elements whose first index runs fastest, put in the order in which the last one does.
  private static func inRows(_ data: [UInt8], _ lengths: [Int], _ size: Int) -> [UInt8] {
    var strides: [Int] = []
    var stride = size
    for length in lengths {
      strides.append(stride)
      stride *= length
    }
    var result: [UInt8] = []
    result.reserveCapacity(data.count)
    var index = lengths.map { _ in 0 }
    for _ in 0..<(data.count / size) {
      let start = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
      result += data[start..<(start + size)]
      for axis in lengths.indices.reversed() {
        index[axis] += 1
        if index[axis] < lengths[axis] { break }
        index[axis] = 0
      }
    }
    return result
  }

  /// The bytes of a file.
  public var bytes: [UInt8] {
    let kind = tensor.dtype == .float32 ? "<f4" : "<f8"
    let lengths = tensor.shape.map { "\($0)" }
    let shape = lengths.count == 1 ? "(\(lengths[0]),)" : "(\(lengths.joined(separator: ", ")))"
    var header = Array(
      "{'descr': '\(kind)', 'fortran_order': False, 'shape': \(shape), }".utf8)
    // The data begin at a multiple of 64, after a line end.
    let used = Self.signature.count + 4 + header.count + 1
    header += [UInt8](repeating: UInt8(ascii: " "), count: (64 - used % 64) % 64)
    header.append(UInt8(ascii: "\n"))
    let length = [UInt8(header.count & 255), UInt8(header.count >> 8)]
    return Self.signature + [1, 0] + length + header + tensor.storage.bytes
  }

  /// Writes a file, in place of one of the same name once it is complete.
  public func write(to path: String) throws(FileError) { try writeAtomically(bytes, to: path) }
}
