import Foundation
public import ThalwegNetworks
import ThalwegTensors

/// What a classifier makes of labelled images.
public struct Evaluation: Sendable {
  /// The class that each image is taken for.
  public let predictions: [Int]
  /// The right class of each image.
  public let classes: [Int]
  /// The mean cross entropy.
  public let loss: Double
  /// The number of classes.
  public let classCount: Int

  /// Applies a model to all images of a data set.
  ///
  /// The last batch is filled up, so that one plan serves all. Images may be perturbed before the
  /// model sees them.
  ///
  /// - Errors: what a flow in the model throws.
  public init<Model: Layer>(
    of model: Model, on data: Dataset, batchSize: Int = 64,
    perturbed perturbation: Perturbation = .none, seed: UInt64 = 0
  ) throws {
    let size = Swift.min(batchSize, Swift.max(data.count, 1))
    let apply = compile { (model: Model, images: Tensor) in model(images) }
    let perturb = Perturber(perturbation, of: model, range: data.isStandardized ? nil : 0...1)
    var predictions: [Int] = []
    var loss = 0.0
    for start in stride(from: 0, to: data.count, by: size) {
      let indices = (start..<start + size).map { Swift.min($0, data.count - 1) }
      let images = try perturb(
        data.images(at: indices), data.labels(at: indices), seed: seed &+ UInt64(start))
      let logits = try apply(model, images).values
      for index in start..<Swift.min(start + size, data.count) {
        let from = (index - start) * data.classCount
        let row = logits[from..<from + data.classCount]
        let greatest = row.max() ?? 0
        predictions.append((row.firstIndex(of: greatest) ?? from) - from)
        let total = row.reduce(0) { $0 + exp($1 - greatest) }
        loss += greatest + log(total) - row[from + Int(data.classes[index])]
      }
    }
    self.predictions = predictions
    classes = data.classes.map(Int.init)
    self.loss = loss / Double(Swift.max(data.count, 1))
    classCount = data.classCount
  }

  /// The share of images that are taken for what they are.
  public var accuracy: Double {
    Double(zip(predictions, classes).count { $0 == $1 }) / Double(Swift.max(classes.count, 1))
  }

  /// How many images of each class, by row, are taken for each class, by column.
  public var confusion: [[Int]] {
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (prediction, truth) in zip(predictions, classes) { counts[truth][prediction] += 1 }
    return counts
  }
}
