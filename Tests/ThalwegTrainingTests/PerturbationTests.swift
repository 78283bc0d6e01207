import Foundation
import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// A classifier of which everything is known: logits are the image times a matrix.
private struct Linear: Layer {
  var weight: Tensor
  static let branches = Branches(\Linear.weight)

  func callAsFunction(_ x: Tensor) -> Tensor {
    matmul(x.reshaped(to: [x.shape[0], 4]), weight.to(x.dtype))
  }
}

@Suite struct PerturbationTests {
  private let digits = Dataset.optdigits.test.selecting(Array(0..<128))
  private let network: PDENetwork

  init() throws { network = try Self.trained() }

  private static func trained() throws -> PDENetwork {
    var trainer = Trainer(
      try PDENetwork(
        .init(adjoint: .direct, channels: [4], steps: 2), images: [1, 8, 8], classes: 10, seed: 1),
      Adam(learningRate: 0), TrainingOptions(epochs: 6, batchSize: 32, learningRate: 0.02))
    try trainer.train(on: Dataset.optdigits.training.selecting(Array(0..<512)))
    return trainer.model
  }

  private func accuracy(_ perturbation: Perturbation, seed: UInt64 = 0) throws -> Double {
    try Evaluation(of: network, on: digits, perturbed: perturbation, seed: seed).accuracy
  }

  @Test func `the sign is that of the slope of the loss, by finite differences`() throws {
    // Two classes and weights without a pattern; the step is to raise the loss in every pixel.
    let model = Linear(weight: Tensor([0.3, -0.2, -0.5, 0.1, 0.7, 0.4, -0.1, 0.9], shape: [4, 2]))
    let data = Dataset(
      pixels: [100, 120, 140, 90], classes: [1], height: 2, width: 2, classCount: 2)
    func loss(_ change: [Double]) -> Double {
      let image = zip([100, 120, 140, 90], change).map { $0 / 255 + $1 }
      let logits = model(Tensor(image, shape: [1, 1, 2, 2])).values
      return log(exp(logits[0]) + exp(logits[1])) - logits[1]
    }
    var signs: [Double] = []
    for pixel in 0..<4 {
      let step = (0..<4).map { $0 == pixel ? 1e-5 : 0 }
      signs.append(loss(step) > loss(step.map { -$0 }) ? 0.1 : -0.1)
    }
    #expect(Set(signs).count == 2)
    let perturbed = try Evaluation(of: model, on: data, perturbed: .sign(0.1))
    expectClose(perturbed.loss, loss(signs), relative: 1e-6)
    // In a linear model several steps end where one does.
    let several = try Evaluation(of: model, on: data, perturbed: .projected(0.1, steps: 7))
    expectClose(several.loss, loss(signs), relative: 1e-6)
  }

  @Test func `attacks hurt more than noise, and several steps more than one`() throws {
    let clean = try accuracy(.none)
    let (noise, one, several) = (
      try accuracy(.noise(0.1)), try accuracy(.sign(0.1)), try accuracy(.projected(0.1, steps: 10))
    )
    #expect(clean > 0.8 && noise > clean - 0.15)
    #expect(one < noise - 0.1 && several <= one)
  }

  @Test func `nothing is changed at strength 0, and noise is that of the seed`() throws {
    let clean = try Evaluation(of: network, on: digits)
    for perturbation in [Perturbation.noise(0), .sign(0), .projected(0, steps: 3)] {
      let other = try Evaluation(of: network, on: digits, perturbed: perturbation)
      #expect(other.loss == clean.loss && other.predictions == clean.predictions)
    }
    func loss(_ seed: UInt64) throws -> Double {
      try Evaluation(of: network, on: digits, perturbed: .noise(0.2), seed: seed).loss
    }
    #expect(try loss(1) == loss(1))
    #expect(try loss(1) != loss(2))
  }
}
