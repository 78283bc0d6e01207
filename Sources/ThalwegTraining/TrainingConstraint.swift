import ThalwegKernels
public import ThalwegNetworks

/// Something that holds for the weights all through a training.
///
///     let constraint = TrainingConstraint<PDENetwork> { try $0.projected(images: [1, 8, 8]) }
///     var trainer = Trainer(network, Adam(learningRate: 0.01), options, constraint: constraint)
///
/// The model is replaced by what the constraint makes of it before the first update, after every so many
/// updates and at the end of every epoch, before weights are saved. In between it may be violated by
/// what some updates do.
public struct TrainingConstraint<Model: Layer>: Sendable {
  /// The number of updates from one time to the next.
  public let interval: Int
  let apply: @Sendable (Model) throws -> Model

  /// Creates a constraint from what makes a model obey it.
  public init(
    every interval: Int = 8, _ apply: @escaping @Sendable (Model) throws -> Model
  ) {
    require(interval > 0, "training constraint: every \(interval) updates")
    self.interval = interval
    self.apply = apply
  }

  func isDue(_ updates: Int) -> Bool { updates % interval == 0 }
}
