import Foundation

/// The log of a training in a folder: a table for people and spreadsheets, and TensorBoard's events.
///
///     var log = TrainingLog(in: "run", upTo: trainer.progress.epoch)
///     try trainer.train(on: data.training) { trainer, epoch in try log.append(epoch) }
///
/// It is to be written before the weights are saved: what a training that was killed has logged
/// beyond its weights is dropped when it goes on, and every epoch is logged once.
///
/// - Errors: ``FileError`` where a file cannot be written.
public struct TrainingLog: Sendable {
  /// What has been logged.
  public private(set) var epochs: [EpochRecord]
  private let folder: String
  private let events: EventFile

  /// The names of the files.
  public static let fileNames = ["log.csv", "events.out.tfevents.thalweg"]

  /// Takes up the log of a folder, with the epochs up to one; others and damaged rows are dropped.
  ///
  /// Nothing is written before ``begin()``.
  public init(in folder: String, upTo epoch: Int) {
    self.folder = folder
    events = EventFile("\(folder)/\(Self.fileNames[1])")
    let path = "\(folder)/\(Self.fileNames[0])"
    let text = epoch > 0 ? try? String(contentsOfFile: path, encoding: .utf8) : nil
    let rows = (text ?? "").split(separator: "\n").compactMap { EpochRecord(row: String($0)) }
    epochs = rows.filter { $0.epoch <= epoch }
  }

  /// Writes both files with what has been logged so far.
  public func begin() throws(FileError) {
    try writeTable()
    try events.write(epochs)
  }

  /// Logs an epoch.
  public mutating func append(_ epoch: EpochRecord) throws(FileError) {
    epochs.append(epoch)
    try writeTable()
    try events.append(epoch)
  }

  private func writeTable() throws(FileError) {
    let lines = ([EpochRecord.header] + epochs.map(\.row)).joined(separator: "\n") + "\n"
    try writeAtomically(Array(lines.utf8), to: "\(folder)/\(Self.fileNames[0])")
  }
}
