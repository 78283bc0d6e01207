import ArgumentParser

/// The flags of experiments that train.
struct TrainingFlags: ParsableArguments {
  @Option(help: "The number of updates of each training.")
  var updates = 300

  @Option(help: "The patches of an update.")
  var batch = 4

  @Option(help: "The learning rate at the beginning.")
  var rate = 0.005

  @Option(help: "The filters of a block.")
  var filters = 16

  @Option(help: "The height and width of a filter.")
  var size = 5

  @Option(help: "What determines weights, patches and noise.")
  var seed: UInt64 = 1

  func validate() throws {
    try FlagRange.check("--updates", updates, 1...1_000_000)
    try FlagRange.check("--batch", batch, 1...1_024)
    try FlagRange.check("--filters", filters, 1...256)
    try FlagRange.check("--size", size, 3...15)
    try FlagRange.check("--rate", rate, upTo: 1)
    guard size % 2 == 1 else { throw ValidationError("--size \(size) is not odd") }
  }

  func training(on patches: any PatchSource) -> DenoisingTraining {
    DenoisingTraining(
      patches: patches, updates: updates, batch: batch, seed: seed, learningRate: rate)
  }
}

extension String {
  /// What stands between commas.
  var listed: [String] { split(separator: ",").map(String.init) }
}
