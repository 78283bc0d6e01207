import ThalwegTraining

/// Says how a run is going.
protocol TrainReporter {
  /// The run begins; an earlier one may have been moved aside.
  func begin(_ plan: TrainPlan, _ data: TrainData, parameters: Int, movedAside: String?)
  /// A batch is done, of so many in an epoch.
  func batch(
    _ progress: TrainingProgress, of batches: Int, _ settings: TrainSettings, seconds: Double)
  /// An epoch is done and saved.
  func epoch(_ epoch: EpochRecord, _ settings: TrainSettings)
  /// The run was told to stop and is saved.
  func interrupted(_ folder: String)
  /// The run is complete; whether the result could be written.
  func result(_ result: TrainResult, _ test: Dataset) -> Bool
}

/// One JSON object a line.
struct JSONReporter: TrainReporter {
  @discardableResult
  private func show(_ object: JSON) -> Bool { output("\(object)\n") }

  func begin(_ plan: TrainPlan, _ data: TrainData, parameters: Int, movedAside: String?) {
    show(
      .object([
        "event": .string("begin"), "settings": plan.settings.json,
        "training_images": .integer(data.training.count),
        "validation_images": .integer(data.validation?.count ?? 0),
        "test_images": .integer(data.test.count),
        "parameters": .integer(parameters), "output": .string(plan.folder.path),
        "resumed": .boolean(plan.checkpoint != nil),
      ]))
  }

  func batch(
    _ progress: TrainingProgress, of batches: Int, _ settings: TrainSettings, seconds: Double
  ) {}

  func epoch(_ epoch: EpochRecord, _ settings: TrainSettings) {
    func known(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
    show(
      .object([
        "event": .string("epoch"), "epoch": .integer(epoch.epoch),
        "epochs": .integer(settings.epochs), "loss": .number(epoch.loss),
        "accuracy": .number(epoch.accuracy), "penalty": .number(epoch.penalty),
        "validation_loss": known(epoch.validationLoss),
        "validation_accuracy": known(epoch.validationAccuracy),
        "learning_rate": .number(epoch.learningRate), "largest_norm": known(epoch.largestNorm),
        "stability": known(epoch.stability), "seconds": .number(epoch.seconds),
      ]))
  }

  func interrupted(_ folder: String) {
    show(.object(["event": .string("interrupted"), "resume": .string(folder)]))
  }

  func result(_ result: TrainResult, _ test: Dataset) -> Bool { show(result.json) }
}
