import ArgumentParser
import ThalwegTensors

/// The flags of experiments that train.
struct TrainingFlags: ParsableArguments {
  @Argument(help: "A folder of images, PNG or JPEG.")
  var images: String

  @Option(help: "The images that are kept for the test, with commas between the names.")
  var test = "camera"

  @Option(help: "The standard deviation of the noise, in grey values.")
  var noise = 25.0

  @Option(help: "The number of updates of each training.")
  var updates = 300

  @Option(help: "The patches of an update.")
  var batch = 4

  @Option(help: "The height and width of a patch.")
  var side = 48

  @Option(help: "The learning rate at the beginning.")
  var rate = 0.005

  @Option(help: "The filters of a block.")
  var filters = 16

  @Option(help: "The height and width of a filter.")
  var size = 5

  @Option(help: "The seed of weights, patches and noise.")
  var seed: UInt64 = 1

  func validate() throws {
    for (name, value, range) in [
      ("--updates", updates, 1...1_000_000), ("--batch", batch, 1...1_024),
      ("--side", side, 16...512),
      ("--filters", filters, 1...256), ("--size", size, 3...15),
    ] where !range.contains(value) {
      throw ValidationError(
        "\(name) \(value) is not from \(range.lowerBound) to \(range.upperBound)")
    }
    guard rate > 0, rate <= 1 else {
      throw ValidationError("--rate \(rate) is not between 0 and 1")
    }
    guard size % 2 == 1 else { throw ValidationError("--size \(size) is not odd") }
    guard noise > 0, noise <= 255 else {
      throw ValidationError("--noise \(noise) is not between 0 and 255")
    }
  }

  var testNames: [String] { words(test) }

  func words(_ list: String) -> [String] { list.split(separator: ",").map(String.init) }

  func load() throws -> ExperimentImages {
    try ExperimentImages(folder: images, test: testNames, smallest: side)
  }

  func training(_ images: ExperimentImages) -> DenoisingTraining {
    DenoisingTraining(
      images: images.training, updates: updates, batch: batch, side: side, seed: seed,
      learningRate: rate)
  }

  /// The test images with noise.
  func noisy(_ images: ExperimentImages) -> [Tensor] {
    images.test.enumerated().map { index, test in
      test.image + Tensor(noise / 255)
        * .randomNormal(
          test.image.shape, key: Tensor(Double(seed) + 1_000), stream: UInt64(index),
          dtype: .float32)
    }
  }
}
