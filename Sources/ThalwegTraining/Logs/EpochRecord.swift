import Foundation

/// What an epoch of a training came to: a row of its log.
public struct EpochRecord: Hashable, Sendable {
  /// The number of the epoch, from 1.
  public var epoch: Int
  /// The updates since the beginning.
  public var updates: Int
  /// The learning rate of its last update.
  public var learningRate: Double
  /// The mean loss of its batches, as they were distorted and without the penalty.
  public var loss: Double
  /// Their mean accuracy.
  public var accuracy: Double
  /// The mean penalty.
  public var penalty: Double
  /// The loss on the examples kept for validation, if there are any.
  public var validationLoss: Double?
  /// The accuracy on them.
  public var validationAccuracy: Double?
  /// The largest norm of the filters of the hidden layers, where it is known.
  public var largestNorm: Double?
  /// That norm by the largest with which steps are stable, where it is known: stable up to 1.
  public var stability: Double?
  /// The seconds that the training has taken, to the end of the epoch.
  public var seconds = 0.0
  /// When the epoch ended, in seconds since 1970.
  public var time: Double = Date().timeIntervalSince1970

  /// Creates the record of an epoch that is complete.
  init(_ progress: TrainingProgress, learningRate: Double, validation: Evaluation?) {
    epoch = progress.epoch + 1
    updates = progress.updates
    self.learningRate = learningRate
    (loss, accuracy, penalty) = (progress.loss, progress.accuracy, progress.penalty)
    validationLoss = validation?.loss
    validationAccuracy = validation?.accuracy
  }
}

extension EpochRecord {
  /// The columns of a log, as the first row of a file of comma-separated values.
  public static let header =
    (["epoch", "updates"] + columns.map(\.name)).joined(separator: ",")

  private static var columns: [(name: String, path: WritableKeyPath<EpochRecord, Double?>)] {
    [
      ("learning_rate", \.[number: \.learningRate]), ("loss", \.[number: \.loss]),
      ("accuracy", \.[number: \.accuracy]), ("penalty", \.[number: \.penalty]),
      ("validation_loss", \.validationLoss), ("validation_accuracy", \.validationAccuracy),
      ("largest_norm", \.largestNorm), ("stability", \.stability),
      ("seconds", \.[number: \.seconds]), ("time", \.[number: \.time]),
    ]
  }

  /// A number that is always there.
  private subscript(number path: WritableKeyPath<EpochRecord, Double>) -> Double? {
    get { self[keyPath: path] }
    set { self[keyPath: path] = newValue ?? .nan }
  }

  /// The record as a row of comma-separated values; what is not known is empty.
  public var row: String {
    let numbers = Self.columns.map { self[keyPath: $0.path].map { "\($0)" } ?? "" }
    return (["\(epoch)", "\(updates)"] + numbers).joined(separator: ",")
  }

  /// Reads such a row; nil where it is no record.
  public init?(row: String) {
    let fields = row.split(separator: ",", omittingEmptySubsequences: false)
    let columns = Self.columns
    guard fields.count == columns.count + 2, let epoch = Int(fields[0]), epoch > 0,
      let updates = Int(fields[1])
    else { return nil }
    self.init(TrainingProgress(), learningRate: 0, validation: nil)
    (self.epoch, self.updates) = (epoch, updates)
    for (column, field) in zip(columns, fields.dropFirst(2)) {
      let number = Double(field)
      guard number != nil || field.isEmpty else { return nil }
      self[keyPath: column.path] = number
    }
  }
}
