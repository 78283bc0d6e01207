public import ThalwegNetworks
public import ThalwegTensors

/// What is added to the loss for the sake of the weights alone.
///
///     let decay = TrainingPenalty<PDENetwork> { 1e-4 * sum(square($0.classifier.weight)) }
///     var trainer = Trainer(network, SGD(learningRate: 0.1), options, penalty: decay)
///
/// It is a traced function of the model with a scalar result, and is differentiated with the loss.
/// Progress shows it apart from the loss.
public struct TrainingPenalty<Model: Layer>: Sendable {
  let value: @Sendable (Model) -> Tensor

  /// Creates a penalty from what computes it.
  public init(_ value: @escaping @Sendable (Model) -> Tensor) { self.value = value }
}
