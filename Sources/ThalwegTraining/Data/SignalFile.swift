import ThalwegKernels
public import ThalwegTensors

/// A signal of one or several channels from a file.
///
///     let file = try SignalFile(contentsOf: "ecg.i16le.gz", channels: 2)
///     file.samples    // [2, 108000], in the units of the file
///
/// | name | contents |
/// |---|---|
/// | `.npy` | an array `[samples]` or `[samples, channels]` |
/// | `.csv` | a column for each channel, with names in the first line or without |
/// | `.i16le` | integers of 16 bits, little-endian, the channels in turn |
///
/// The last two may be compressed, with `.gz` after the name.
///
/// - Errors: ``DataError`` with the path, the place and what was expected.
public struct SignalFile: Sendable {
  /// The samples by channel, `[channels, samples]`, in double precision.
  public let samples: Tensor

  /// Reads a file; how many channels there are has to be told where the file does not tell.
  public init(contentsOf path: String, channels: Int = 1) throws(DataError) {
    let plain = path.lowercased().hasSuffix(".gz") ? String(path.dropLast(3)) : path
    switch plain.split(separator: ".").last?.lowercased() {
    case "npy": samples = try Self.array(path)
    case "csv": samples = try NumberTable(contentsOf: path).tensor.transposed([1, 0])
    case "i16le": samples = try Self.integers(try plainBytes(path), channels, path)
    default:
      throw DataError(
        path, found: "a name with another ending", expected: ".npy, .csv, .i16le or .i16le.gz")
    }
  }

  private static func array(_ path: String) throws(DataError) -> Tensor {
    let tensor = try NumPyArray(contentsOf: path).tensor.to(.float64)
    guard (1...2).contains(tensor.rank), tensor.count > 0 else {
      throw DataError(
        path, found: "an array of shape \(tensor.shape)",
        expected: "[samples] or [samples, channels]")
    }
    guard tensor.values.allSatisfy(\.isFinite) else {
      throw DataError(path, found: "numbers that are not finite", expected: "finite ones")
    }
    return tensor.rank == 1 ? tensor.expanded(at: 0) : tensor.transposed([1, 0])
  }

  /// Integers of 16 bits, of all channels in turn.
  static func integers(
    _ bytes: [UInt8], _ channels: Int, _ path: String
  ) throws(DataError) -> Tensor {
    require(channels > 0, "signal file: \(channels) channels")
    guard !bytes.isEmpty, bytes.count % (2 * channels) == 0 else {
      throw DataError(
        path, at: .byte(bytes.count), found: "\(bytes.count) bytes",
        expected: "a multiple of \(2 * channels), two for each of \(channels) channels")
    }
    let count = bytes.count / (2 * channels)
    var values: [Double] = []
    values.reserveCapacity(count * channels)
    for channel in 0..<channels {
      for index in 0..<count {
        let place = 2 * (index * channels + channel)
        let pattern = UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
        values.append(Double(Int16(bitPattern: pattern)))
      }
    }
    return Tensor(values, shape: [channels, count])
  }
}
