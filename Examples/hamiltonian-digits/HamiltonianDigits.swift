import ExampleSupport
import Thalweg

/// A convolutional network whose layers are steps of a Hamiltonian system reads digits.
///
/// The digits come with the library. The gradient undoes the steps and stores none of them.
@main
enum HamiltonianDigits: Example {
  static func run(_ options: Options) throws {
    let digits = Dataset.optdigits
    var configuration = PDENetwork.Configuration.optdigits(.hamiltonian)
    configuration.adjoint = .reversible
    let network = try PDENetwork(configuration, images: [1, 8, 8], classes: 10, seed: 0)
    print("weights", network.leaves.reduce(0) { $0 + $1.count })

    let training =
      options.isQuick ? digits.training.selecting(Array(0..<1_500)) : digits.training
    let epochs = options.isQuick ? 3 : 10
    var trainer = Trainer(
      network, Adam(learningRate: 0.01),
      TrainingOptions(
        epochs: epochs, batchSize: 50, learningRate: 0.01, schedule: .cosine))
    var losses: [Double] = []
    var shares: [Double] = []
    try trainer.train(on: training) { trainer, epoch in
      losses.append(epoch.loss)
      let evaluation = try Evaluation(
        of: trainer.result(calibratedOn: training), on: digits.test, batchSize: 100)
      shares.append(1 - evaluation.accuracy)
    }
    print("test accuracy", (1 - (shares.last ?? 1)).rounded(to: 4))

    let axis = (1...epochs).map(Double.init)
    var plot = Plot(
      "A Hamiltonian network reads digits", x: "epoch", y: "loss, share of errors",
      scales: (.linear, .logarithmic))
    plot.add("loss in training", x: axis, y: losses, as: .markedLine)
    plot.add("errors on the test digits", x: axis, y: shares, as: .markedLine)
    try plot.write(to: "\(options.folder)/hamiltonian-digits")
  }
}
