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
    let (chosen, kept) = try Self.divided(split.training, settings)
    validation = kept
    training = try Self.reduced(chosen, settings)
  }

  /// What is trained on, and what the best weights are chosen by.
  private static func divided(
    _ data: Dataset, _ settings: TrainSettings
  ) throws -> (training: Dataset, kept: Dataset?) {
    guard settings.validation > 0 else { return (data, nil) }
    let parts = data.split(keeping: settings.validation, seed: settings.seed)
    guard parts.kept.count > 0 else {
      throw Failure.usage(
        "--validation \(settings.validation) of \(data.count) images is none; use more")
    }
    return (parts.training, parts.kept)
  }

  /// As many of the images as are asked for.
  private static func reduced(_ data: Dataset, _ settings: TrainSettings) throws -> Dataset {
    guard let count = settings.images, count != data.count else { return data }
    guard count < data.count else {
      throw Failure.usage("--images \(count) is more than the \(data.count) that there are")
    }
    // The images kept of a split are chosen by the seed; one more seed tells them from validation's.
    return data.split(keeping: Double(count) / Double(data.count), seed: settings.seed &+ 1).kept
  }
}
