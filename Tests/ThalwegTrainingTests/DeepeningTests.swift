import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// Training that begins with few steps and goes on with more.
@Suite struct DeepeningTests {
  @Test func `a network with twice the steps goes on where the shallow one was`() throws {
    let digits = Dataset.optdigits.training.selecting(Array(0..<512))
    func trained(_ network: PDENetwork) throws -> (network: PDENetwork, loss: Double) {
      let options = TrainingOptions(epochs: 3, batchSize: 32, learningRate: 0.01)
      var trainer = Trainer(network, Adam(learningRate: 0.01), options)
      try trainer.train(on: digits)
      return (trainer.model, try loss(of: trainer.model))
    }
    func loss(of network: PDENetwork) throws -> Double {
      try Evaluation(of: network, on: digits).loss
    }
    let begun = try PDENetwork(
      .init(channels: [8], steps: 2, normalization: .instance), images: [1, 8, 8], classes: 10,
      seed: 1)
    let shallow = try trained(begun)
    #expect(shallow.loss < 0.5)
    let refined = try shallow.network.refined()
    // What was learned is there, which a new network of that depth would have to learn.
    #expect(try loss(of: refined) < shallow.loss + 0.5 * (try loss(of: begun) - shallow.loss))
    let deep = try trained(refined)
    #expect(deep.network.configuration.steps == 4)
    #expect(deep.loss < 0.5 * shallow.loss, "\(shallow.loss) \(deep.loss)")
  }
}
