import ThalwegKernels
import ThalwegTensors

/// The parts of an ``ImageClassifier`` with random weights, as a configuration asks for them.
struct ImageFrame<Block: Layer> {
  let opening: NormalizedConvolution
  let units: [ImageUnit<Block>]
  let classifier: Dense

  /// Creates the parts for images of some channels, height and width, with a block for each number of
  /// channels.
  init(
    _ configuration: PDENetwork.Configuration, images: Shape, classes: Int, seed: UInt64?,
    dtype: DType, makeBlock: (_ channels: Int, _ seed: UInt64) throws(NetworkError) -> Block
  ) throws(NetworkError) {
    try configuration.validate(images)
    let seed = seed ?? .random(in: .min ... .max)
    var seeds = RandomSequence(seed: seed, purpose: 1)
    opening = NormalizedConvolution(
      images[0], configuration.channels[0], stride: configuration.stride,
      normalization: configuration.connection, boundary: configuration.boundary,
      start: configuration.start, arithmetic: configuration.arithmetic, seed: seeds.next(),
      dtype: dtype)
    var units: [ImageUnit<Block>] = []
    for (index, channels) in configuration.channels.enumerated() {
      let block = try makeBlock(channels, seeds.next())
      units.append(
        ImageUnit(block, at: index, of: configuration, dtype: dtype, seeds: &seeds))
    }
    self.units = units
    let sides = images.dimensions.dropFirst().map { configuration.reduced($0) }
    let features = configuration.features ?? configuration.channels[configuration.blocks - 1]
    classifier = Self.classifier(
      features * sides[0] * sides[1], classes, configuration.start, seed: seeds.next(),
      dtype: dtype)
  }

  private static func classifier(
    _ features: Int, _ classes: Int, _ start: InitialFilters, seed: UInt64, dtype: DType
  ) -> Dense {
    var classifier = Dense(features, classes, seed: seed, dtype: dtype)
    if start == .published {
      let weights = InitialFilters.publishedClassifier(
        [features + 1, classes], seed: seed, dtype: dtype)
      classifier.weight = weights.slice(0..<features)
      classifier.bias = weights.slice(features..<features + 1).reshaped(to: [classes])
    }
    return classifier
  }
}
