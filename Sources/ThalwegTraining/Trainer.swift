public import ThalwegNetworks
import ThalwegTensors

/// A classifier in training: the model, the optimizer, and how far they have come.
///
///     var trainer = Trainer(network, Adam(learningRate: 0.01), options)
///     try trainer.train(on: data.training) { trainer, epoch in print(epoch.loss) }
///     try trainer.evaluate(on: data.test).accuracy
///
/// With examples kept for validation it remembers the weights that were best on them, and stops
/// where they do not improve for as long as the options have patience:
///
///     let (training, kept) = data.training.split(keeping: 0.2, seed: 0)
///     try trainer.train(on: training, validation: kept)
///     try trainer.evaluate(on: data.test)      // with the best weights
///
/// What happens is determined by the options alone: a training that is saved, stopped and resumed
/// gives the same weights, bit for bit, as one that is not, on any number of threads. Images are
/// read and distorted while the batch before is computed.
///
/// - Errors: ``TrainingError`` where the loss is not finite, and what a flow in the model throws.
public struct Trainer<Model: Layer, Method: Optimizer>: Sendable {
  /// The model.
  public internal(set) var model: Model
  /// The rule by which it follows the gradient.
  public internal(set) var optimizer: Method
  /// How far the training has come.
  public internal(set) var progress = TrainingProgress()
  /// The model that was best on the examples kept for validation; nil before there is one.
  public internal(set) var best: Model?
  /// What the training does.
  public let options: TrainingOptions
  /// What holds for the weights, if anything.
  public let constraint: TrainingConstraint<Model>?
  /// What is added to the loss, if anything.
  public let penalty: TrainingPenalty<Model>?

  private let step: CompiledFunction<TrainingStep<Model>, Model, Tensor, Tensor>

  /// Creates a training that has not begun.
  public init(
    _ model: Model, _ optimizer: Method, _ options: TrainingOptions,
    constraint: TrainingConstraint<Model>? = nil, penalty: TrainingPenalty<Model>? = nil
  ) {
    self.model = model
    self.constraint = constraint
    self.penalty = penalty
    self.optimizer = optimizer
    self.optimizer.prepare(for: model)
    self.options = options
    step = compile { (model: Model, images: Tensor, labels: Tensor) in
      TrainingStep(model, images, labels, penalty, gradientLimit: options.gradientLimit)
    }
  }

  /// How a training ended.
  public enum Ending: Hashable, Sendable {
    /// All epochs are done.
    case finished
    /// The model did not improve for as long as there was patience.
    case stoppedEarly
    /// The loss of an epoch was as small as it was to be.
    case reachedGoal
    /// It was told to stop; what has been done is in model, optimizer and progress.
    case interrupted
  }

  /// Trains until all epochs are done, patience is at an end, the goal is reached, or it is told to stop.
  ///
  /// `onEpoch` is called after every epoch, with the state to be saved and what the epoch came to;
  /// `onBatch` is called and `isStopping` asked after every batch.
  @discardableResult
  public mutating func train(
    on data: Dataset, validation: Dataset? = nil,
    onEpoch: (Self, EpochRecord) throws -> Void = { _, _ in },
    onBatch: (TrainingProgress) throws -> Void = { _ in }, isStopping: () -> Bool = { false }
  ) throws -> Ending {
    try checkSize(of: data)
    let batches = data.count / options.batchSize
    if let constraint, progress.updates == 0 { model = try constraint.apply(model) }
    while progress.epoch < options.epochs {
      if isOutOfPatience { return .stoppedEarly }
      if hasReachedGoal { return .reachedGoal }
      let epoch = Batches(
        of: data, size: options.batchSize, seed: options.seed, epoch: progress.epoch,
        augmentation: options.augmentation, startingAt: progress.batch)
      for batch in epoch.prefetched() {
        try update(with: batch, of: batches)
        try onBatch(progress)
        if progress.batch < batches, isStopping() { return .interrupted }
      }
      let evaluation = try validation.map { try evaluateForChoice(on: $0, calibratedOn: data) }
      let record = EpochRecord(
        progress, learningRate: optimizer.learningRate, validation: evaluation)
      progress.beginEpoch()
      try onEpoch(self, record)
      if progress.epoch < options.epochs, isStopping() { return .interrupted }
    }
    return .finished
  }

  /// Whether the best epoch is as long ago as there is patience.
  private var isOutOfPatience: Bool {
    guard let patience = options.patience, progress.bestEpoch > 0 else { return false }
    return progress.epoch - progress.bestEpoch >= patience
  }

  /// Whether the loss of the last epoch is below the goal.
  private var hasReachedGoal: Bool {
    guard let goal = options.lossGoal, let loss = progress.lastLoss else { return false }
    return loss < goal
  }

  private mutating func update(with batch: Batch, of batches: Int) throws {
    let result = try step(model, batch.images, batch.labels)
    let (loss, penalty) = (result.loss.scalar, result.penalty.scalar)
    guard loss.isFinite, penalty.isFinite else {
      throw TrainingError.nonFiniteLoss(
        loss + penalty, epoch: progress.epoch + 1, batch: progress.batch + 1)
    }
    let epoch = Double(progress.updates) / Double(batches)
    optimizer.learningRate =
      options.learningRate * options.schedule.factor(after: epoch, of: options.epochs)
    optimizer.update(&model, along: result.gradient)
    progress.lossSum += loss
    progress.penaltySum += penalty
    progress.accuracySum += result.accuracy.scalar
    progress.batch += 1
    progress.updates += 1
    if let constraint, constraint.isDue(progress.updates) || progress.batch == batches {
      model = try constraint.apply(model)
    }
  }

  /// Evaluates the model at the end of an epoch, and keeps it if it is the best so far.
  private mutating func evaluateForChoice(
    on validation: Dataset, calibratedOn data: Dataset
  ) throws -> Evaluation {
    let evaluation = try Evaluation(
      of: model.calibrated(on: data, options), on: validation, batchSize: options.batchSize)
    if progress.bestEpoch == 0 || evaluation.accuracy > progress.bestAccuracy {
      (progress.bestEpoch, progress.bestAccuracy) = (progress.epoch + 1, evaluation.accuracy)
      best = model
    }
    return evaluation
  }
}

extension Trainer {
  /// Checks that the data fill a batch.
  public func checkSize(of data: Dataset) throws(TrainingError) {
    guard data.count >= options.batchSize else {
      throw .batchSize(options.batchSize, examples: data.count)
    }
  }

  /// The model as it is used: with the best weights, and calibrated on examples it was trained on.
  public func result(calibratedOn training: Dataset) -> Model {
    (best ?? model).calibrated(on: training, options)
  }

  /// Applies the model, with the best weights, to all images of a data set.
  ///
  /// A model with layers that normalise by batches needs the examples it was trained on, to be
  /// calibrated.
  ///
  /// - Errors: what a flow in the model throws.
  public func evaluate(
    on data: Dataset, calibratedOn training: Dataset? = nil
  ) throws -> Evaluation {
    let model = training.map(result) ?? best ?? model
    return try Evaluation(of: model, on: data, batchSize: options.batchSize)
  }
}

extension Layer {
  /// The layer calibrated on examples that are spread over all of a data set.
  fileprivate func calibrated(on data: Dataset, _ options: TrainingOptions) -> Self {
    let count = Swift.min(options.calibrationCount, data.count)
    guard count > 0 else { return self }
    return calibrated(on: data.images(at: (0..<count).map { $0 * data.count / count }))
  }
}
