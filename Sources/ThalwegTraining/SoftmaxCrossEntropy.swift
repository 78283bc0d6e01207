import ThalwegKernels
public import ThalwegTensors

/// The mean over examples of the negative logarithm of the probability given to the right class.
///
///     loss = mean (log Σ exp z - z[label])
///
///     let step = compile { (net: Net, image: Tensor, label: Tensor) in
///       softmaxCrossEntropy(net(image), label)
///     }
///
/// - Shapes: logits `[batch..., classes]`; labels are class indices `[batch...]`, or probabilities
///   of the shape of the logits such as rows with a single 1. The loss is a scalar.
/// - Errors: traps for other shapes. A label that is no class makes the loss NaN.
/// - Source: J. S. Bridle, "Probabilistic interpretation of feedforward classification network
///   outputs", Neurocomputing (1990), doi:10.1007/978-3-642-76153-9_28.
public func softmaxCrossEntropy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
  let targets = probabilities(of: labels, for: logits, "softmaxCrossEntropy")
  let total = sum(targets * logits, over: [-1])
  // Probabilities sum to 1, which saves their product with the logarithm.
  return mean(logSumExp(logits, over: [-1]) - total)
}

/// The share of examples whose right class has the greatest logit and shares it with no other.
///
/// - Shapes: as for ``softmaxCrossEntropy(_:_:)``, with one right class for each example.
public func accuracy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
  let targets = probabilities(of: labels, for: logits, "accuracy")
  let right = sum(targets * logits, over: [-1])
  let others = max(select(targets, Tensor(-.infinity), logits), over: [-1])
  return mean(right .> others)
}

private func probabilities(of labels: Tensor, for logits: Tensor, _ name: String) -> Tensor {
  require(logits.rank > 0, "\(name): logits \(logits.shape) have no axis of classes")
  let labels = labels.to(logits.dtype)
  if labels.shape == logits.shape { return labels }
  require(
    labels.shape.dimensions == logits.shape.dimensions.dropLast(),
    "\(name): labels \(labels.shape) for logits \(logits.shape)")
  return labels.oneHot(logits.shape[logits.rank - 1])
}
