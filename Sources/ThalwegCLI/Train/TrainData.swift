import ThalwegTraining

/// The images of a run.
struct TrainData {
  let name: String
  /// What is trained on.
  let training: Dataset
  /// What the best weights are chosen by, if anything.
  let validation: Dataset?
  /// What accuracy is measured on.
  let test: Dataset

  init(_ settings: TrainSettings) throws {
    let split = try settings.loadData()
    name = split.name
    test = split.test
    guard settings.validation > 0 else {
      (training, validation) = (split.training, nil)
      return
    }
    let parts = split.training.split(keeping: settings.validation, seed: settings.seed)
    guard parts.kept.count > 0 else {
      throw Failure.usage(
        "--validation \(settings.validation) of \(split.training.count) images is none; use more")
    }
    (training, validation) = (parts.training, parts.kept)
  }
}
