import ThalwegNetworks
import ThalwegTraining

/// A training of an experiment, from the beginning and without a folder.
struct ExperimentTraining {
  let settings: TrainSettings
  let data: TrainData

  /// Takes flags of `thalweg train`.
  init(_ flags: [String]) throws {
    settings = try TrainCommand.parse(joiningNegativeNumbers(flags)).newSettings()
    data = try TrainData(settings)
  }

  /// The network in use with the time that its training took.
  ///
  /// `progress` is told which share is done.
  func trained(
    progress: (Double) -> Void
  ) throws -> (network: ChosenNetwork, seconds: Double) {
    var trainer = try settings.makeTrainer(for: data.training)
    let clock = ContinuousClock.now
    let all = Double(settings.epochs * (data.training.count / settings.batch))
    try trainer.train(
      on: data.training, validation: data.validation,
      onBatch: { progress(Double($0.updates) / all) })
    return (trainer.result(calibratedOn: data.training), (ContinuousClock.now - clock).seconds)
  }

  /// Networks by their names, with commas between them.
  static func networks(_ names: String) throws -> [NetworkName] {
    try names.listed.compactMap { try NetworkName.read("networks", $0) }
  }
}
