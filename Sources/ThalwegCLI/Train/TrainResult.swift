import ThalwegTraining

/// What came out of a run.
struct TrainResult {
  let settings: TrainSettings
  let evaluation: Evaluation
  /// The mean loss on the training images as they are, after the last epoch.
  let trainLoss: Double
  let seconds: Double
  let parameters: Int
  let weights: String

  var json: JSON {
    .object([
      "result": .string("train"), "data": .string(settings.dataName),
      "network": .string(settings.network.rawValue),
      "integrator": .string(settings.integrator.rawValue),
      "adjoint": .string("\(settings.adjoint)"), "steps": .integer(settings.steps),
      "test_accuracy": .number(evaluation.accuracy), "test_loss": .number(evaluation.loss),
      "train_loss": .number(trainLoss), "epochs": .integer(settings.epochs),
      "seconds": .number(seconds), "peak_bytes": peakBytes().map { .integer($0) } ?? .null,
      "parameters": .integer(parameters), "weights": .string(weights),
    ])
  }
}
