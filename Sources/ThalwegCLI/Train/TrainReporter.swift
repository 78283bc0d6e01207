import ThalwegTraining

/// Says how a run is going.
protocol TrainReporter {
  /// The run begins; an earlier one may have been moved aside.
  func begin(_ plan: TrainPlan, _ data: DataSplit, parameters: Int, movedAside: String?)
  /// A batch is done, of so many in an epoch.
  func batch(
    _ progress: TrainingProgress, of batches: Int, _ settings: TrainSettings, seconds: Double)
  /// An epoch is done and saved.
  func epoch(_ progress: TrainingProgress, _ settings: TrainSettings, seconds: Double)
  /// The run was told to stop and is saved.
  func interrupted(_ folder: String)
  /// The run is complete; whether the result could be written.
  func result(_ result: TrainResult, _ test: Dataset) -> Bool
}

/// One JSON object a line.
struct JSONReporter: TrainReporter {
  @discardableResult
  private func show(_ object: JSON) -> Bool { output("\(object)\n") }

  func begin(_ plan: TrainPlan, _ data: DataSplit, parameters: Int, movedAside: String?) {
    show(
      .object([
        "event": .string("begin"), "settings": plan.settings.json,
        "training_images": .integer(data.training.count), "test_images": .integer(data.test.count),
        "parameters": .integer(parameters), "output": .string(plan.folder.path),
        "resumed": .boolean(plan.checkpoint != nil),
      ]))
  }

  func batch(
    _ progress: TrainingProgress, of batches: Int, _ settings: TrainSettings, seconds: Double
  ) {}

  func epoch(_ progress: TrainingProgress, _ settings: TrainSettings, seconds: Double) {
    show(
      .object([
        "event": .string("epoch"), "epoch": .integer(progress.epoch + 1),
        "epochs": .integer(settings.epochs), "loss": .number(progress.loss),
        "accuracy": .number(progress.accuracy), "seconds": .number(seconds),
      ]))
  }

  func interrupted(_ folder: String) {
    show(.object(["event": .string("interrupted"), "resume": .string(folder)]))
  }

  func result(_ result: TrainResult, _ test: Dataset) -> Bool { show(result.json) }
}
