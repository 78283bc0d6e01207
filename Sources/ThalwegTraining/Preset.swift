public import ThalwegNetworks

/// A way to train a network of the paper's kind: architecture, schedule, augmentation and
/// regularisation, as data.
///
///     let preset = Preset(.paper, for: "cifar10")
///     let network = try PDENetwork(
///       preset.network(.hamiltonian), images: [3, 32, 32], classes: 10, seed: 0)
///     var trainer = Trainer(
///       network, SGD(learningRate: preset.learningRate, momentum: 0.9), preset.options(seed: 0),
///       constraint: preset.constraint, penalty: preset.penalty)
///
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5; the journal's settings
///   as in its drivers, https://github.com/XtractOpen/Meganet.m, `examples/2018-jmiv`.
public struct Preset: Sendable {
  /// Which of the ways for some data.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    /// That of the second version of the article.
    case paper
    /// That of the drivers of the journal's version.
    case journal
    /// A small network for small images, trained in minutes; not published.
    case small
  }

  /// The network for each kind of dynamics.
  public let network: @Sendable (DynamicsName) -> PDENetwork.Configuration
  /// How often every image is used.
  public var epochs: Int
  /// The images of an update.
  public var batchSize: Int
  /// The largest learning rate.
  public var learningRate: Double
  /// How it changes.
  public var schedule: Schedule
  /// How much of the velocity the optimizer keeps.
  public var momentum = 0.9
  /// How images are distorted.
  public var augmentation: Augmentation
  /// Whether each image is brought to mean 0 and standard deviation 1.
  public var isStandardized = true
  /// What is added to the loss.
  public var regularization: Regularization
  /// The largest magnitude of a weight; nil for any.
  public var box: Double?
  /// The training loss below which the training stops; nil for none.
  public var lossGoal: Double?
  /// The share of the training images that is kept for validation.
  public var validation: Double

  /// The data that a preset of each name is for.
  public static let data: [Name: [String]] = [
    .paper: ["stl10", "cifar10", "cifar100"], .journal: ["stl10", "cifar10", "cifar100"],
    .small: ["optdigits", "mnist", "fashion-mnist"],
  ]

  /// What a training does.
  public func options(seed: UInt64) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: batchSize, learningRate: learningRate, schedule: schedule,
      seed: seed, augmentation: augmentation, lossGoal: lossGoal)
  }

  /// The penalty of a training, if there is one.
  public var penalty: TrainingPenalty<PDENetwork>? {
    let regularization = regularization
    return regularization.isNone ? nil : TrainingPenalty { $0.penalty(regularization) }
  }

  /// The box that weights are kept in after every update, if there is one.
  public var constraint: TrainingConstraint<PDENetwork>? {
    box.map { box in TrainingConstraint(every: 1) { $0.clamped(to: box) } }
  }
}

extension Preset {
  /// Creates the preset of a name for data; nil where there is none.
  public init?(_ name: Name, for data: String) {
    guard Self.data[name]?.contains(data) == true else { return nil }
    switch name {
    case .paper: self.init(paper: data)
    case .journal: self.init(journal: data)
    case .small: self.init(small: data)
    }
  }

  private init(paper data: String) {
    let isLong = data == "cifar100"
    // The epochs at which the rate is divided by 5.
    let drops = isLong ? [60, 100, 140, 180] : [60, 80]
    self.init(
      network: Self.network(for: data), epochs: isLong ? 200 : 100, batchSize: 125,
      learningRate: 0.1, schedule: Self.steps(at: drops, each: 5),
      augmentation: Augmentation(crop: data == "stl10" ? 6 : 2, mirrors: true),
      regularization: data == "stl10" ? .paperSTL10 : .paper, box: 1, validation: 0.2)
  }

  private init(journal data: String) {
    let (count, length) = data == "cifar100" ? (15, 20) : (14, 10)
    let drops = (0..<count).map { 40 + $0 * length }
    self.init(
      network: Self.network(for: data, steps: data == "stl10" ? 5 : 3),
      epochs: 40 + count * length, batchSize: 32, learningRate: 0.05,
      schedule: Self.steps(at: drops, each: 1.5), augmentation: Augmentation(),
      regularization: data == "stl10" ? .journalSTL10 : .paper, box: 1, lossGoal: 0.01,
      validation: 0.2)
  }

  private init(small data: String) {
    let isHandwriting = data != "fashion-mnist"
    self.init(
      network: Self.network(for: data),
      epochs: data == "optdigits" ? 20 : 10, batchSize: 64, learningRate: 0.1,
      schedule: .oneCycle(warmup: 0.2),
      augmentation: isHandwriting
        ? Augmentation(shift: 1, angle: 0.15, scale: 0.1) : Augmentation(crop: 1, mirrors: true),
      regularization: .paper, box: nil, validation: 0)
  }

  private static func network(
    for data: String, steps: Int = 3
  ) -> @Sendable (DynamicsName) -> PDENetwork.Configuration {
    switch data {
    case "stl10": { .stl10($0, steps: steps) }
    case "cifar100": { .cifar100($0) }
    case "cifar10": { .cifar10($0) }
    case "optdigits": { .optdigits($0) }
    default: { .fashionMNIST($0) }
    }
  }

  private static func steps(at epochs: [Int], each factor: Double) -> Schedule {
    var share = 1.0
    return .steps(
      epochs.map { epoch in
        share /= factor
        return Schedule.Stage(from: epoch, factor: share)
      })
  }
}
