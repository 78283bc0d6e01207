import Foundation
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// A run of `thalweg train` from the first line of output to the last.
struct TrainRun {
  private let plan: TrainPlan
  private let reporter: any TrainReporter

  init(_ plan: TrainPlan, isJSON: Bool) {
    self.plan = plan
    reporter = isJSON ? JSONReporter() : PlainReporter()
  }

  func run() throws {
    let data = try plan.settings.loadData()
    var trainer = try plan.settings.makeTrainer(for: data.training)
    try trainer.checkSize(of: data.training)
    try plan.checkpoint?.restore(&trainer)
    let previous = try prepareFolder(trainer)
    let parameters = trainer.model.leaves.reduce(0) { $0 + $1.count }
    reporter.begin(plan, data, parameters: parameters, movedAside: previous)

    let stop = StopRequest()
    let start = ContinuousClock.now
    let seconds = { (ContinuousClock.now - start).seconds }
    var rows = plan.checkpoint == nil ? [] : plan.folder.rows(upTo: trainer.progress.epoch)
    let batches = data.training.count / plan.settings.batch
    let ending = try trainer.train(
      on: data.training, isStopping: { stop.isRequested },
      onBatch: { reporter.batch($0, of: batches, plan.settings, seconds: seconds()) },
      onEpoch: { trainer, done in
        rows.append(
          "\(done.epoch + 1),\(done.updates),\(done.loss),\(done.accuracy),\(seconds())")
        try save(trainer, rows)
        reporter.epoch(done, plan.settings, seconds: seconds())
      })
    guard ending == .finished else {
      try save(trainer, rows)
      reporter.interrupted(plan.folder.path)
      throw Failure("interrupted", status: 130)
    }
    let result = TrainResult(
      settings: plan.settings, evaluation: try trainer.evaluate(on: data.test),
      trainLoss: try trainer.evaluate(on: data.training).loss, seconds: seconds(),
      parameters: parameters, weights: plan.folder.weights)
    guard reporter.result(result, data.test) else {
      throw Failure("the result cannot be written to the standard output", status: 74)
    }
  }

  /// Saves the weights, so that there is something to resume from before the first epoch ends.
  private func prepareFolder(_ trainer: Trainer<PDENetwork, Adam>) throws -> String? {
    guard plan.checkpoint == nil else {
      try plan.folder.write(plan.settings)
      return nil
    }
    let previous = try plan.folder.prepare(plan.settings)
    try save(trainer, [])
    return previous
  }

  private func save(_ trainer: Trainer<PDENetwork, Adam>, _ rows: [String]) throws {
    let note = "\(plan.settings.json)"
    try Checkpoint(of: trainer, note: note).file.write(to: plan.folder.weights)
    try plan.folder.write(rows: rows)
  }
}

extension Duration {
  /// The length in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
