import ThalwegTraining

/// What came out of a run.
struct TrainResult {
  let settings: TrainSettings
  let progress: TrainingProgress
  let ending: Trainer<ChosenNetwork, ChosenOptimizer>.Ending
  let evaluation: Evaluation
  /// The mean loss on the training images as they are.
  let trainLoss: Double
  let seconds: Double
  let parameters: Int
  let folder: RunFolder

  var json: JSON {
    .object([
      "result": .string("train"), "data": .string(settings.dataName),
      "network": .string(settings.network.rawValue),
      "integrator": .optional(settings.integrator?.rawValue),
      "adjoint": .optional(settings.adjoint.map { "\($0)" }), "steps": .integer(settings.steps),
      "test_accuracy": .number(evaluation.accuracy), "test_loss": .number(evaluation.loss),
      "train_loss": .number(trainLoss), "epochs": .integer(progress.epoch),
      "seconds": .number(seconds), "peak_bytes": peakBytes().map { .integer($0) } ?? .null,
      "parameters": .integer(parameters), "weights": .string(folder.weights),
      "model": .string(folder.model), "updates": .integer(progress.updates),
      "best_epoch": progress.bestEpoch > 0 ? .integer(progress.bestEpoch) : .null,
      "validation_accuracy": progress.bestEpoch > 0 ? .number(progress.bestAccuracy) : .null,
      "stopped_early": .boolean(ending != .finished),
      "optimizer": .string(settings.optimizer.rawValue),
      "schedule": .string("\(settings.schedule)"), "seed": .string("\(settings.seed)"),
    ])
  }
}
