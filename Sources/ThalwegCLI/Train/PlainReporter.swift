import Foundation
import ThalwegTraining

/// Lines for people, with a progress bar where the output is a terminal.
struct PlainReporter: TrainReporter {
  private let bar = ProgressBar()
  /// How the tool was started, so that what is said to be typed can be.
  private let tool = CommandLine.arguments[0]

  func begin(_ plan: TrainPlan, _ data: TrainData, parameters: Int, movedAside: String?) {
    let settings = plan.settings
    if let movedAside { output("the run that was there is now in \(movedAside)\n") }
    let validation = data.validation.map { "\($0.count) to choose by, " } ?? ""
    output(
      """
      \(settings.network.rawValue) network of \(parameters) parameters, \(settings.depthInWords)
      \(data.name): \(data.training.count) images to train on, \(validation)\
      \(data.test.count) to test on
      \(plan.checkpoint == nil ? "saving in" : "going on with") \(plan.folder.path)

      """)
  }

  func batch(
    _ progress: TrainingProgress, of batches: Int, _ settings: TrainSettings, seconds: Double
  ) {
    bar.show(progress, of: batches, settings.epochs, seconds: seconds)
  }

  func epoch(_ epoch: EpochRecord, _ settings: TrainSettings) {
    bar.clear()
    let width = "\(settings.epochs)".count
    let number = "\(epoch.epoch)".aligned(to: width)
    let validation = epoch.validationAccuracy.map { "  validation \(percent($0))" } ?? ""
    output(
      "epoch \(number)/\(settings.epochs)  loss \(decimals(epoch.loss, 4))"
        + "  accuracy \(percent(epoch.accuracy))\(validation)  \(decimals(epoch.seconds, 1)) s\n")
  }

  func interrupted(_ folder: String) {
    bar.clear()
    output("stopped and saved; go on with: \(tool) train --resume \(folder)\n")
  }

  func result(_ result: TrainResult, _ test: Dataset) -> Bool {
    output("\n\(DigitGallery(test, result.evaluation))\n")
    output("\(ConfusionTable(result.evaluation))\n")
    if result.progress.bestEpoch > 0 {
      output(
        "best after epoch \(result.progress.bestEpoch), with"
          + " \(percent(result.progress.bestAccuracy)) of the validation images"
          + "\(result.ending == .stoppedEarly ? "; no better since then, so it stopped" : "")\n")
    }
    if result.ending == .reachedGoal {
      output("the training loss is as small as it was to be after epoch \(result.progress.epoch)\n")
    }
    let memory = peakBytes().map { "\(($0 + 500_000) / 1_000_000) MB" } ?? "unknown"
    return output(
      """
      network in \(result.folder.model); try: \(tool) predict \(result.folder.path) --index 0
      test accuracy \(percent(result.evaluation.accuracy)), train loss \
      \(decimals(result.trainLoss, 4)), \(decimals(result.seconds, 1)) s, peak memory \(memory)

      """)
  }
}

extension TrainSettings {
  /// What the layers are.
  fileprivate var depthInWords: String {
    guard let integrator, let adjoint else { return "\(steps) residual layers in a block" }
    return "\(steps) steps by \(integrator.rawValue), \(adjoint) adjoint"
  }
}
