import ArgumentParser
import ThalwegTensors

/// The images of an experiment, and their noise.
struct ImageFlags: ParsableArguments {
  @Argument(help: "A folder of images, PNG or JPEG.", completion: .directory)
  var images: String

  @Option(help: "The images that are kept for the test, with commas between the names.")
  var test = "camera"

  @Option(help: "The images for training, with commas between the names. (default: all others)")
  var train: String?

  @Option(help: "The standard deviation of the noise, in grey values.")
  var noise = 25.0

  @Option(help: "The height and width of a patch.")
  var side = 48

  func validate() throws {
    try FlagRange.check("--side", side, 16...512)
    try FlagRange.check("--noise", noise, upTo: 255)
  }

  func load() throws -> ExperimentImages {
    try ExperimentImages(folder: images, test: test.listed, training: train?.listed, smallest: side)
  }

  /// The test images with noise.
  func noisy(_ images: ExperimentImages, seed: UInt64) -> [Tensor] {
    images.test.enumerated().map { index, test in
      test.image + Tensor(noise / 255)
        * .randomNormal(
          test.image.shape, key: Tensor(Double(seed) + 1_000), stream: UInt64(index),
          dtype: .float32)
    }
  }
}
