public import ThalwegNetworks
import ThalwegTensors

/// The training of a classifier of points on all of them at once.
///
///     let data = ToyProblem.swissRoll.data()
///     let network = try PointNetwork(.hamiltonian, width: 4, steps: 32, span: 20, classes: 2, seed: 1)
///     let trained = try PointTraining(updates: 1000).trained(network, on: data.training)
///
/// Adam with a learning rate that falls like a cosine.
///
/// - Errors: ``TrainingError`` where the loss is not finite, and what a flow in the network throws.
public struct PointTraining: Hashable, Sendable {
  /// How often all points are looked at.
  public var updates: Int
  /// The learning rate to begin with.
  public var learningRate: Double

  /// Creates a training.
  public init(updates: Int = 1_000, learningRate: Double = 0.05) {
    self.updates = updates
    self.learningRate = learningRate
  }

  private struct Step: TensorTree {
    var loss: Tensor
    var gradient: PointNetwork
    static let branches = Branches(\Step.loss, \.gradient)
  }

  /// The network after training; `onUpdate` is given the number of updates and the loss.
  public func trained(
    _ network: PointNetwork, on data: LabelledPoints, onUpdate: (Int, Double) -> Void = { _, _ in }
  ) throws -> PointNetwork {
    var (network, optimizer) = (network, Adam(learningRate: learningRate))
    let step = compile { (network: PointNetwork, points: Tensor, labels: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: network) {
        softmaxCrossEntropy($0(points), labels)
      }
      return Step(loss: loss, gradient: gradient)
    }
    for update in 0..<updates {
      optimizer.learningRate =
        learningRate * Schedule.cosine.factor(after: Double(update), of: updates)
      let result = try step(network, data.points, data.labels)
      let loss = result.loss.scalar
      guard loss.isFinite else {
        throw TrainingError.nonFiniteLoss(loss, epoch: update + 1, batch: 1)
      }
      optimizer.update(&network, along: result.gradient)
      onUpdate(update + 1, loss)
    }
    return network
  }
}

extension PointNetwork {
  /// The share of points that are classified rightly.
  public func accuracy(on data: LabelledPoints) -> Double {
    ThalwegTraining.accuracy(self(data.points), data.labels).scalar
  }
}
