/// How far a training has come.
public struct TrainingProgress: Hashable, Sendable {
  /// The epochs that are complete.
  public var epoch = 0
  /// The batches of the current epoch that are done.
  public var batch = 0
  /// The updates since the beginning.
  public var updates = 0
  /// The sum of the losses of the batches of the epoch.
  public var lossSum = 0.0
  /// The sum of their accuracies.
  public var accuracySum = 0.0
  /// The sum of the penalties of their weights.
  public var penaltySum = 0.0
  /// The mean loss of the last complete epoch, without the penalty; nil before there is one.
  public var lastLoss: Double?
  /// The epochs after which the model was best on the examples kept for validation; 0 for none.
  public var bestEpoch = 0
  /// Its accuracy there.
  public var bestAccuracy = 0.0

  /// Creates the progress of a training that has not begun.
  public init() {}

  /// The mean loss of the current epoch, without the penalty.
  public var loss: Double { lossSum / Double(Swift.max(batch, 1)) }
  /// The mean accuracy of the current epoch.
  public var accuracy: Double { accuracySum / Double(Swift.max(batch, 1)) }
  /// The mean penalty of the current epoch.
  public var penalty: Double { penaltySum / Double(Swift.max(batch, 1)) }

  /// Begins the next epoch.
  mutating func beginEpoch() {
    lastLoss = loss
    epoch += 1
    batch = 0
    (lossSum, accuracySum, penaltySum) = (0, 0, 0)
  }
}
