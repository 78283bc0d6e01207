import Foundation
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// A run of `thalweg train` from the first line of output to the last.
struct TrainRun {
  private typealias Training = Trainer<ChosenNetwork, ChosenOptimizer>

  private let plan: TrainPlan
  private let reporter: any TrainReporter

  init(_ plan: TrainPlan, isJSON: Bool) {
    self.plan = plan
    reporter = isJSON ? JSONReporter() : PlainReporter()
  }

  func run() throws {
    let data = try TrainData(plan.settings)
    var trainer = try plan.settings.makeTrainer(for: data.training)
    try trainer.checkSize(of: data.training)
    try plan.checkpoint?.restore(&trainer)
    var log = TrainingLog(in: plan.folder.path, upTo: trainer.progress.epoch)
    let previous = try prepareFolder(trainer, log)
    let parameters = trainer.model.leaves.reduce(0) { $0 + $1.count }
    reporter.begin(plan, data, parameters: parameters, movedAside: previous)

    let stop = StopRequest()
    let start = ContinuousClock.now
    let before = log.epochs.last?.seconds ?? 0
    let seconds = { before + (ContinuousClock.now - start).seconds }
    let batches = data.training.count / plan.settings.batch
    let images = Shape(data.training.imageShape)
    let ending = try trainer.train(
      on: data.training, validation: data.validation,
      onEpoch: { trainer, done in
        var epoch = done
        if let network = trainer.model.equations {
          (epoch.largestNorm, epoch.stability) = try network.largestNorm(images: images)
        }
        epoch.seconds = seconds()
        // What is logged beyond the weights is dropped when the run goes on.
        try log.append(epoch)
        try save(trainer)
        reporter.epoch(epoch, plan.settings)
      },
      onBatch: { reporter.batch($0, of: batches, plan.settings, seconds: seconds()) },
      isStopping: { stop.isRequested })
    guard ending != .interrupted else {
      try save(trainer)
      reporter.interrupted(plan.folder.path)
      throw Failure("", status: 130)
    }
    try finish(trainer, data, ending, parameters: parameters, seconds: seconds())
  }

  /// Writes the trained network and says what it is worth.
  private func finish(
    _ trainer: Training, _ data: TrainData, _ ending: Training.Ending, parameters: Int,
    seconds: Double
  ) throws {
    let model = trainer.result(calibratedOn: data.training)
    try ClassifierFile(of: model, trainedOn: data.training, note: "\(plan.settings.json)")
      .write(to: plan.folder.model)
    let batch = plan.settings.batch
    let result = TrainResult(
      settings: plan.settings, progress: trainer.progress, ending: ending,
      evaluation: try Evaluation(of: model, on: data.test, batchSize: batch),
      trainLoss: try Evaluation(of: model, on: data.training, batchSize: batch).loss,
      seconds: seconds, parameters: parameters, folder: plan.folder)
    guard reporter.result(result, data.test) else {
      throw Failure("the result cannot be written to the standard output", status: 74)
    }
  }

  /// Saves the weights, so that there is something to resume from before the first epoch ends.
  private func prepareFolder(_ trainer: Training, _ log: TrainingLog) throws -> String? {
    try plan.folder.lock()
    guard plan.checkpoint == nil else {
      try plan.folder.write(plan.settings)
      try log.begin()
      return nil
    }
    let previous = try plan.folder.prepare(plan.settings)
    try log.begin()
    try save(trainer)
    return previous
  }

  private func save(_ trainer: Training) throws {
    try Checkpoint(of: trainer, note: "\(plan.settings.json)").write(to: plan.folder.weights)
  }
}

extension Duration {
  /// The length in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
