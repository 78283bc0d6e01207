import Foundation
import ThalwegKernels
import ThalwegNetworks
import ThalwegTraining

/// What is trained, on what and how: all that is needed to repeat or resume a run.
struct TrainSettings: Equatable {
  var data: String
  /// A published way to train, from which come what no flag says and the form of the network.
  var presetName: Preset.Name?
  var network: NetworkName
  /// How blocks are integrated and differentiated; nil where they are no equations.
  var integrator: IntegratorName?
  var adjoint: AdjointName?
  var steps: Int
  var channels: Int
  var block: BlockChoices
  var penalty: PenaltyChoices
  var arithmetic: ConvolutionArithmetic
  /// The share of the norm that is stable, below which filters are kept; nil where they are free.
  var project: Double?
  /// How many of the images are trained on; nil for all.
  var images: Int?
  var epochs: Int
  var batch: Int
  var optimizer: OptimizerName
  var learningRate: Double
  var schedule: Schedule
  var momentum: Double
  /// How strongly weights are drawn to 0.
  var weightDecay: Double
  /// The norm to which gradients are scaled down; nil where they are left alone.
  var clip: Double?
  /// How images are distorted, in words; nil for what suits the data.
  var augment: String?
  /// Whether images are standardised; nil for what suits the data.
  var standardize: Bool?
  /// The share of the training images that is kept for validation.
  var validation: Double
  /// The epochs without a better model after which the run ends; nil where it does not.
  var patience: Int?
  /// The training loss below which the run ends; nil where it does not.
  var untilLoss: Double?
  var seed: UInt64

  /// The name of the data without the folder.
  var dataName: String { String(data.prefix { $0 != "=" }) }

  /// The preset, for these data.
  private var preset: Preset? { presetName.flatMap { Preset($0, for: dataName) } }

  /// What is to be done with the given images.
  func options(for data: Dataset) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: batch, learningRate: learningRate, schedule: schedule, seed: seed,
      augmentation: augmentation(for: data), gradientLimit: clip, patience: patience,
      lossGoal: untilLoss ?? preset?.lossGoal)
  }

  /// How images are distorted: one writer's digits are not another's, and nor is a mirrored digit.
  private func augmentation(for data: Dataset) -> Augmentation {
    if let augment { return Augmentation(words: augment) ?? Augmentation() }
    if let preset { return preset.augmentation }
    return ["optdigits", "mnist"].contains(dataName)
      ? .handwriting : .photographs(height: data.height, width: data.width)
  }

  /// A network for images of the given size, before training.
  func makeNetwork(images: Shape, classes: Int) throws -> ChosenNetwork {
    let configuration = configuration(images: images)
    try checkSize(of: configuration)
    guard network.dynamics != nil else {
      return .residual(
        try ResidualNetwork(configuration, images: images, classes: classes, seed: seed))
    }
    return .equations(try PDENetwork(configuration, images: images, classes: classes, seed: seed))
  }

  /// Finds networks that no machine like this one can train, before memory is asked for them.
  private func checkSize(of configuration: PDENetwork.Configuration) throws {
    let filters = configuration.channels.reduce(0.0) { $0 + 9 * Double($1) * Double($1) }
    // Weights, their gradients and two moments, in single precision.
    let sets = configuration.weights.count ?? configuration.steps
    let gibibytes = 16 * filters * Double(sets) / Double(1 << 30)
    let memory = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
    guard gibibytes < memory else {
      throw Failure.usage(
        "\(sets) sets of weights with --channels \(channels) need \(decimals(gibibytes, 0)) GiB for weights"
          + " and gradients, and the machine has \(decimals(memory, 0)); use fewer")
    }
  }

  /// The network, or that of equations whose frame a plain one has.
  private func configuration(images: Shape) -> PDENetwork.Configuration {
    let dynamics = network.dynamics ?? .parabolic
    let isLarge = Swift.min(images[1], images[2]) >= 16
    var configuration =
      preset?.network(dynamics)
      ?? PDENetwork.Configuration(
        dynamics: dynamics, channels: [channels], stride: isLarge ? 2 : 1)
    // More steps are shorter ones, over the same time.
    configuration.steps = steps
    if let integrator { configuration.integrator = integrator }
    if let adjoint { configuration.adjoint = adjoint }
    configuration.arithmetic = arithmetic
    return block.applied(to: configuration)
  }

  /// The training of a network for the given images, before it has begun.
  func makeTrainer(for data: Dataset) throws -> Trainer<ChosenNetwork, ChosenOptimizer> {
    let images = Shape(data.imageShape)
    let network = try makeNetwork(images: images, classes: data.classCount)
    // Where nothing makes the steps stable, that is said before the training.
    if project != nil { _ = try network.equations?.largestStableNorm() }
    return Trainer(
      network,
      optimizer.optimizer(
        learningRate: learningRate, momentum: momentum, weightDecay: weightDecay),
      options(for: data),
      constraint: constraint(images: images), penalty: trainingPenalty)
  }

  /// What holds for the weights all through the training, if anything.
  private func constraint(images: Shape) -> TrainingConstraint<ChosenNetwork>? {
    if let project {
      return TrainingConstraint { try $0.projected(images: images, margin: project) }
    }
    return (penalty.box ?? preset?.box).map { box in
      TrainingConstraint(every: 1) { $0.clamped(to: box) }
    }
  }

  /// What is added to the loss, if anything.
  private var trainingPenalty: TrainingPenalty<ChosenNetwork>? {
    let regularization = penalty.applied(to: preset?.regularization ?? Regularization())
    return regularization.isNone ? nil : TrainingPenalty { $0.penalty(regularization) }
  }

  /// The data, standardised where they are to be.
  func loadData() throws -> DataSplit {
    let split = try readData()
    let isUsual = preset?.isStandardized ?? (split.training.channels == 3)
    guard standardize ?? isUsual else { return split }
    return DataSplit(
      name: split.name, training: split.training.standardized(), test: split.test.standardized())
  }

  private static let dataNames = [
    "optdigits", "fashion-mnist", "mnist", "cifar10", "cifar100", "stl10", "folder",
  ]

  private func readData() throws -> DataSplit {
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
    case (let name?, 1) where Self.dataNames.contains(name):
      throw Failure.usage("--data \(name) needs a folder: --data \(name)=DIR")
    default:
      throw Failure.usage(
        "--data \(data) is not known\(Self.dataNames.proposal(for: parts.first ?? "")); use optdigits,"
          + " optdigits=DIR, fashion-mnist=DIR, mnist=DIR, cifar10=DIR, cifar100=DIR, stl10=DIR or"
          + " folder=DIR")
    }
  }
}

extension TrainSettings {
  /// The settings as they are written beside the weights: the flags that ask for them.
  var json: JSON {
    .object(joining: [
      [
        "data": .string(data), "preset": .optional(presetName?.rawValue),
        "network": .string(network.rawValue), "integrator": .optional(integrator?.rawValue),
        "adjoint": .optional(adjoint.map { "\($0)" }), "steps": .integer(steps),
        "channels": .integer(channels),
      ],
      block.members,
      ["arithmetic": .string(arithmetic.rawValue), "project": .optional(project)],
      penalty.members,
      [
        "images": .optional(images), "epochs": .integer(epochs), "batch": .integer(batch),
        "optimizer": .string(optimizer.rawValue), "learning-rate": .number(learningRate),
        "schedule": .string("\(schedule)"), "momentum": .number(momentum),
        "weight-decay": .number(weightDecay), "clip": .optional(clip),
        "augment": .optional(augment), "standardize": .optional(standardize),
        "validation": .number(validation), "patience": .optional(patience),
        "until-loss": .optional(untilLoss),
        // JSON readers commonly keep 53 bits of a number.
        "seed": .string("\(seed)"),
      ],
    ])
  }

  /// Reads the settings of a run from what its weights say.
  init(parsing text: String, path: String) throws {
    guard let json = try? JSON(parsing: Array(text.utf8)), case .object = json else {
      throw Failure(
        "\(path): it has no configuration; expected a run of thalweg train", status: 65)
    }
    var command = try TrainCommand.blank()
    try command.fill(from: json, path: path)
    self = try command.newSettings()
  }
}
