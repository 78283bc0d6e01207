/// What a training does, apart from the network and the data.
public struct TrainingOptions: Hashable, Sendable {
  /// How often every example is used.
  public var epochs: Int
  /// The number of examples of an update.
  public var batchSize: Int
  /// The largest learning rate.
  public var learningRate: Double
  /// How the learning rate changes.
  public var schedule: Schedule
  /// What determines the order of examples and how images are distorted.
  public var seed: UInt64
  /// How far images are distorted at random.
  public var augmentation: Augmentation
  /// The norm above which gradients are scaled down to it; nil where they are left alone.
  public var gradientLimit: Double?
  /// After how many epochs without a better model the training stops; nil where it does not.
  public var patience: Int?
  /// The mean loss of an epoch, without the penalty, below which the training stops; nil where it does
  /// not.
  public var lossGoal: Double?
  /// On how many examples layers that normalise by batches are calibrated before the model is
  /// evaluated.
  public var calibrationCount: Int

  /// Creates options.
  public init(
    epochs: Int, batchSize: Int = 64, learningRate: Double = 0.01,
    schedule: Schedule = .oneCycle(warmup: 0.2), seed: UInt64 = 0,
    augmentation: Augmentation = Augmentation(), gradientLimit: Double? = nil,
    patience: Int? = nil, lossGoal: Double? = nil, calibrationCount: Int = 256
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.schedule = schedule
    self.seed = seed
    self.augmentation = augmentation
    self.gradientLimit = gradientLimit
    self.patience = patience
    self.lossGoal = lossGoal
    self.calibrationCount = calibrationCount
  }
}
