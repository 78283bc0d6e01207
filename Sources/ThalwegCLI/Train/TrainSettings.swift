import ThalwegKernels
import ThalwegNetworks
import ThalwegTraining

/// What is trained, on what and how: all that is needed to repeat or resume a run.
struct TrainSettings: Equatable {
  var data: String
  var network: DynamicsName
  var integrator: IntegratorName
  var adjoint: AdjointName
  var steps: Int
  var epochs: Int
  var batch: Int
  var learningRate: Double
  var channels: Int
  var arithmetic: ConvolutionArithmetic
  /// The share of the norm that is stable, below which filters are kept; nil where they are free.
  var project: Double?
  var seed: UInt64

  /// The name of the data without the folder.
  var dataName: String { String(data.prefix { $0 != "=" }) }

  /// How far images are distorted at random: one writer's digits are not another's.
  private static let augmentation = Augmentation(shift: 1, angle: 0.15, scale: 0.1)
  /// How strongly weights are drawn to 0.
  private static let weightDecay = 0.01

  var options: TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: batch, learningRate: learningRate,
      schedule: .oneCycle(warmup: 0.25), seed: seed,
      augmentation: Self.augmentation)
  }

  /// A network for images of the given size, before training.
  func makeTrainer(for data: Dataset) throws -> Trainer<PDENetwork, Adam> {
    let isLarge = Swift.min(data.height, data.width) >= 16
    let images: Shape = [data.channels, data.height, data.width]
    let network = try PDENetwork(
      PDENetwork.Configuration(
        dynamics: network, integrator: integrator, adjoint: adjoint, channels: channels,
        steps: steps, stride: isLarge ? 2 : 1, arithmetic: arithmetic),
      images: images, classes: data.classCount, seed: seed)
    // Where nothing makes the steps stable, that is said before the training.
    if project != nil { _ = try network.largestStableNorm() }
    return Trainer(
      network, Adam(learningRate: learningRate, weightDecay: Self.weightDecay), options,
      constraint: project.map { share in
        TrainingConstraint { try $0.projected(images: images, margin: share) }
      })
  }

  /// The data.
  func loadData() throws -> DataSplit {
    let parts = data.split(separator: "=", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("optdigits", 1): return Dataset.optdigits
    case ("optdigits", 2): return try Dataset.optdigits(in: parts[1])
    case ("fashion-mnist", 2), ("mnist", 2):
      return try Dataset.mnist(in: parts[1], name: parts[0])
    case ("cifar10", 2): return try Dataset.cifar10(in: parts[1])
    case ("cifar100", 2): return try Dataset.cifar100(in: parts[1])
    case ("stl10", 2): return try Dataset.stl10(in: parts[1])
    case ("folder", 2): return try Dataset.folder(parts[1])
    default:
      throw Failure.usage(
        "--data \(data) is not known; use optdigits, optdigits=DIR, fashion-mnist=DIR, mnist=DIR,"
          + " cifar10=DIR, cifar100=DIR, stl10=DIR or folder=DIR")
    }
  }
}

extension TrainSettings {
  /// The settings as they are written beside the weights.
  var json: JSON {
    .object([
      "data": .string(data), "network": .string(network.rawValue),
      "integrator": .string(integrator.rawValue), "adjoint": .string("\(adjoint)"),
      "steps": .integer(steps), "epochs": .integer(epochs), "batch": .integer(batch),
      "learning_rate": .number(learningRate), "channels": .integer(channels),
      "arithmetic": .string(arithmetic.rawValue),
      "project": project.map { .number($0) } ?? .null,
      // JSON readers commonly keep 53 bits of a number.
      "seed": .string("\(seed)"),
    ])
  }

  /// Reads the settings of a run from what its weights say.
  init(parsing text: String, path: String) throws {
    func wrong(_ name: String) -> Failure {
      Failure(
        "\(path): the configuration has no usable '\(name)'; expected a run of thalweg train",
        status: 65)
    }
    guard let json = try? JSON(parsing: Array(text.utf8)) else { throw wrong("note") }
    func word<Value>(_ name: String, _ read: (String) -> Value?) throws -> Value {
      guard let value = json[name]?.text.flatMap(read) else { throw wrong(name) }
      return value
    }
    func count(_ name: String) throws -> Int {
      guard let value = json[name]?.wholeNumber, value > 0 else { throw wrong(name) }
      return value
    }
    guard let rate = json["learning_rate"]?.value, rate > 0 else { throw wrong("learning_rate") }
    self.init(
      data: try word("data") { $0 }, network: try word("network", DynamicsName.init),
      integrator: try word("integrator", IntegratorName.init),
      adjoint: try word("adjoint", AdjointName.init), steps: try count("steps"),
      epochs: try count("epochs"), batch: try count("batch"), learningRate: rate,
      channels: try count("channels"),
      arithmetic: json["arithmetic"] == nil
        ? .exact : try word("arithmetic", ConvolutionArithmetic.init),
      project: json["project"]?.value,
      seed: try word("seed") { UInt64($0) })
  }
}
