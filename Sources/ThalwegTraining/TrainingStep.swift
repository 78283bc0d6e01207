import ThalwegNetworks
import ThalwegTensors

/// What one batch gives.
struct TrainingStep<Model: Layer>: TensorTree {
  /// The cross entropy.
  var loss: Tensor
  /// The share of examples that are classified rightly.
  var accuracy: Tensor
  /// What is added to the loss.
  var penalty: Tensor
  /// The gradient of the sum of both.
  var gradient: Model

  static var branches: Branches<TrainingStep<Model>> {
    Branches(\.loss, \.accuracy, \.penalty, \.gradient)
  }

  /// Traces a step.
  init(
    _ model: Model, _ images: Tensor, _ labels: Tensor, _ penalty: TrainingPenalty<Model>?,
    gradientLimit: Double?
  ) {
    // The first of the values is differentiated.
    let (values, gradient) = vjp(at: model, from: [1, 0, 0, 0] as [Tensor]) { model in
      let logits = model(images)
      let loss = softmaxCrossEntropy(logits, labels)
      let added = penalty?.value(model).to(loss.dtype)
      return [
        added.map { loss + $0 } ?? loss, loss, ThalwegTraining.accuracy(logits, labels),
        added ?? Tensor.zeros([], dtype: loss.dtype),
      ]
    }
    (loss, accuracy, self.penalty) = (values[1], values[2], values[3])
    self.gradient = gradientLimit.map { gradient.scaled(toNorm: $0) } ?? gradient
  }
}

extension TensorTree {
  /// The tree divided by what its norm exceeds a limit by.
  func scaled(toNorm limit: Double) -> Self {
    let leaves = leaves
    guard let dtype = leaves.first?.dtype else { return self }
    let squares = leaves.map { sum(square($0)).to(dtype) }
    let norm = sqrt(squares.dropFirst().reduce(squares[0], +))
    let factor = 1 / max(norm / limit, 1)
    return mapLeaves { $0 * factor.to($0.dtype) }
  }
}
