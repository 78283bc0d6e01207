public import ThalwegNetworks
import ThalwegTensors

/// A classifier in training: the model, the optimizer, and how far they have come.
///
///     var trainer = Trainer(network, Adam(learningRate: 0.01), options)
///     try trainer.train(on: data.training) { trainer in print(trainer.progress.loss) }
///     try trainer.evaluate(on: data.test).accuracy
///
/// What happens is determined by the options alone: a training that is saved, stopped and resumed
/// gives the same weights, bit for bit, as one that is not.
///
/// - Errors: ``TrainingError`` where the loss is not finite, and what a flow in the model throws.
public struct Trainer<Model: Layer, Method: Optimizer>: Sendable {
  /// The model.
  public internal(set) var model: Model
  /// The rule by which it follows the gradient.
  public internal(set) var optimizer: Method
  /// How far the training has come.
  public internal(set) var progress = TrainingProgress()
  /// What the training does.
  public let options: TrainingOptions
  /// What holds for the weights, if anything.
  public let constraint: TrainingConstraint<Model>?

  private let step: CompiledFunction<TrainingStep<Model>, Model, Tensor, Tensor>
  let predict: CompiledFunction<Tensor, Model, Tensor>

  /// Creates a training that has not begun.
  public init(
    _ model: Model, _ optimizer: Method, _ options: TrainingOptions,
    constraint: TrainingConstraint<Model>? = nil
  ) {
    self.model = model
    self.constraint = constraint
    self.optimizer = optimizer
    self.optimizer.prepare(for: model)
    self.options = options
    step = compile { (model: Model, images: Tensor, labels: Tensor) in
      // The first of two values is differentiated.
      let (values, gradient) = vjp(at: model, from: [1, 0] as [Tensor]) { model in
        let logits = model(images)
        return [softmaxCrossEntropy(logits, labels), accuracy(logits, labels)]
      }
      return TrainingStep(loss: values[0], accuracy: values[1], gradient: gradient)
    }
    predict = compile { (model: Model, images: Tensor) in model(images) }
  }

  /// How a training ended.
  public enum Ending: Hashable, Sendable {
    /// All epochs are done.
    case finished
    /// It was told to stop; what has been done is in model, optimizer and progress.
    case interrupted
  }

  /// Trains until all epochs are done or it is told to stop.
  ///
  /// `isStopping` is asked and `onBatch` called after every batch. `onEpoch` is called after every
  /// epoch, with the state to be saved and the progress at the end of the epoch.
  @discardableResult
  public mutating func train(
    on data: Dataset, isStopping: () -> Bool = { false },
    onBatch: (TrainingProgress) throws -> Void = { _ in },
    onEpoch: (Self, TrainingProgress) throws -> Void = { _, _ in }
  ) throws -> Ending {
    try checkSize(of: data)
    let batches = data.count / options.batchSize
    if let constraint, progress.updates == 0 { model = try constraint.apply(model) }
    while progress.epoch < options.epochs {
      let epoch = Batches(
        of: data, size: options.batchSize, seed: options.seed, epoch: progress.epoch,
        augmentation: options.augmentation, startingAt: progress.batch)
      for batch in epoch {
        try update(with: batch, of: batches)
        try onBatch(progress)
        if progress.batch < batches, isStopping() { return .interrupted }
      }
      let done = progress
      progress.epoch += 1
      (progress.batch, progress.lossSum, progress.accuracySum) = (0, 0, 0)
      try onEpoch(self, done)
      if progress.epoch < options.epochs, isStopping() { return .interrupted }
    }
    return .finished
  }

  private mutating func update(with batch: Batch, of batches: Int) throws {
    let result = try step(model, batch.images, batch.labels)
    let loss = result.loss.scalar
    guard loss.isFinite else {
      throw TrainingError.nonFiniteLoss(
        loss, epoch: progress.epoch + 1, batch: progress.batch + 1)
    }
    let part = Double(progress.updates) / Double(batches * options.epochs)
    optimizer.learningRate = options.learningRate * options.schedule.factor(at: part)
    optimizer.update(&model, along: result.gradient)
    progress.lossSum += loss
    progress.accuracySum += result.accuracy.scalar
    progress.batch += 1
    progress.updates += 1
    if let constraint, constraint.isDue(progress.updates) || progress.batch == batches {
      model = try constraint.apply(model)
    }
  }
}

/// What one batch gives.
private struct TrainingStep<Model: Layer>: TensorTree {
  var loss: Tensor
  var accuracy: Tensor
  var gradient: Model

  static var branches: Branches<TrainingStep<Model>> { Branches(\.loss, \.accuracy, \.gradient) }
}

extension Trainer {
  /// Checks that the data fill a batch.
  public func checkSize(of data: Dataset) throws(TrainingError) {
    guard data.count >= options.batchSize else {
      throw .batchSize(options.batchSize, examples: data.count)
    }
  }
}
