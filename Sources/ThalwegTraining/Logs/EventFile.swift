import Foundation
import ThalwegTensors

/// The log of a training in a form that TensorBoard opens.
///
///     let events = EventFile("run/events.out.tfevents.thalweg")
///     try events.write(earlier)          // replaces what is there
///     try events.append(epoch)           // TensorBoard sees it at once
///
/// - Errors: ``FileError`` where the file cannot be written.
/// - Source: the format of records and events of https://github.com/tensorflow/tensorboard.
public struct EventFile: Sendable {
  /// Where the file is.
  ///
  /// Its name has `tfevents` in it, by which TensorBoard finds it.
  public let path: String

  /// Creates the writer of a file.
  public init(_ path: String) { self.path = path }

  /// Writes the events of some epochs in place of the file that is there.
  public func write(_ epochs: [EpochRecord]) throws(FileError) {
    var version = ProtocolMessage()
    version.append(1, fixed: epochs.first?.time ?? Date().timeIntervalSince1970)
    version.append(3, "brain.Event:2")
    try writeAtomically(
      Self.framed(version.bytes) + epochs.flatMap { Self.framed(Self.event($0)) }, to: path)
  }

  /// Appends the events of an epoch to the file that is there.
  public func append(_ epoch: EpochRecord) throws(FileError) {
    do {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(Self.framed(Self.event(epoch))))
      try file.close()
    } catch {
      throw FileError(path: path, reason: error.localizedDescription)
    }
  }

  /// What an epoch came to as a message: its time, its number, and a summary of scalars.
  private static func event(_ epoch: EpochRecord) -> [UInt8] {
    let scalars: [(name: String, value: Double?)] = [
      ("loss/training", epoch.loss), ("loss/validation", epoch.validationLoss),
      ("accuracy/training", epoch.accuracy), ("accuracy/validation", epoch.validationAccuracy),
      ("penalty", epoch.penalty), ("learning_rate", epoch.learningRate),
      ("stability/largest_norm", epoch.largestNorm), ("stability/share", epoch.stability),
    ]
    var summary = ProtocolMessage()
    for (name, value) in scalars {
      guard let value else { continue }
      var scalar = ProtocolMessage()
      scalar.append(1, name)
      scalar.append(2, fixed: Float(value))
      summary.append(1, scalar)
    }
    var event = ProtocolMessage()
    event.append(1, fixed: epoch.time)
    event.append(2, epoch.epoch)
    event.append(5, summary)
    return event.bytes
  }

  /// A message as a record: its length, the check of that, itself, and its check.
  static func framed(_ message: [UInt8]) -> [UInt8] {
    var record: [UInt8] = []
    record.append(littleEndian: UInt64(message.count))
    record.append(littleEndian: masked(CRC32C.checksum(record)))
    record += message
    record.append(littleEndian: masked(CRC32C.checksum(message)))
    return record
  }

  /// Checks are masked, so that the check of data with checks in them is a good one.
  package static func masked(_ check: UInt32) -> UInt32 {
    (check >> 15 | check << 17) &+ 0xa282_ead8
  }
}
