import Foundation
import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// The first digits of the training set, in two parts.
private let (digits, kept) = Dataset.optdigits.training.selecting(Array(0..<160)).split(
  keeping: 0.25, seed: 5)

private typealias Training = Trainer<PDENetwork, SGD>

private func makeTrainer(
  epochs: Int = 6, rate: Double = 0.05, patience: Int? = nil, goal: Double? = nil,
  limit: Double? = nil,
  penalty: TrainingPenalty<PDENetwork>? = nil
) throws -> Training {
  Trainer(
    try PDENetwork(.init(channels: [4], steps: 2), images: [1, 8, 8], classes: 10, seed: 1),
    SGD(learningRate: 0, momentum: 0.9),
    TrainingOptions(
      epochs: epochs, batchSize: 30, learningRate: rate, schedule: .constant, seed: 1,
      augmentation: .handwriting, gradientLimit: limit, patience: patience,
      lossGoal: goal),
    penalty: penalty)
}

private func bytes(_ model: PDENetwork?) -> [[UInt8]]? { model?.leaves.map { $0.storage.bytes } }

@Suite struct ChoiceTests {
  @Test func `the best weights are those of the best epoch, the first of equals`() throws {
    var trainer = try makeTrainer(epochs: 12, rate: 0.1)
    var (accuracies, models): ([Double], [PDENetwork]) = ([], [])
    try trainer.train(
      on: digits, validation: kept,
      onEpoch: { trainer, epoch in
        accuracies.append(epoch.validationAccuracy ?? -1)
        models.append(trainer.model)
        let again = try Evaluation(of: trainer.model, on: kept)
        #expect(again.accuracy == epoch.validationAccuracy)
      })
    let best = try #require(accuracies.max())
    let first = try #require(accuracies.firstIndex(of: best))
    #expect(trainer.progress.bestAccuracy == best && trainer.progress.bestEpoch == first + 1)
    #expect(bytes(trainer.best) == bytes(models[first]))
    #expect(try trainer.evaluate(on: kept).accuracy == best)
  }

  @Test func `training stops when patience is at an end, and not before`() throws {
    // A rate this small changes no prediction, so that the first epoch stays the best.
    var trainer = try makeTrainer(epochs: 9, rate: 1e-9, patience: 3)
    #expect(try trainer.train(on: digits, validation: kept) == .stoppedEarly)
    #expect(trainer.progress.epoch == 4 && trainer.progress.bestEpoch == 1)
    #expect(try trainer.train(on: digits, validation: kept) == .stoppedEarly)
    var patient = try makeTrainer(epochs: 4, rate: 1e-9, patience: 4)
    #expect(try patient.train(on: digits, validation: kept) == .finished)
  }

  @Test func `training stops behind the first epoch with a loss below the goal`() throws {
    var losses: [Double] = []
    var whole = try makeTrainer()
    try whole.train(on: digits, onEpoch: { losses.append($1.loss) })
    #expect(losses.count == 6 && losses[3] < losses[0])
    // Just reached by the fourth; the first below it ends the training.
    let goal = losses[3] * (1 + 1e-9)
    let first = try #require(losses.firstIndex { $0 < goal }) + 1
    var trainer = try makeTrainer(goal: goal)
    #expect(try trainer.train(on: digits) == .reachedGoal)
    #expect(trainer.progress.epoch == first && trainer.progress.lastLoss == losses[first - 1])
    // It is known to a training that goes on.
    let folder = try TemporaryFolder()
    let path = folder.path + "/weights.safetensors"
    try Checkpoint(of: trainer).write(to: path)
    var resumed = try makeTrainer(goal: goal)
    try Checkpoint(contentsOf: path).restore(&resumed)
    #expect(resumed.progress == trainer.progress)
    #expect(try resumed.train(on: digits) == .reachedGoal && resumed.progress.epoch == first)
  }

  @Test(arguments: [2, 7, 9, 16])
  func `a resumed training ends like another, the best weights too`(stop: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/weights.safetensors"
    let decay = TrainingPenalty<PDENetwork> { 0.01 * sum(square($0.classifier.weight)) }
    func make() throws -> Training { try makeTrainer(limit: 0.5, penalty: decay) }
    var whole = try make()
    try whole.train(on: digits, validation: kept)
    var first = try make()
    var batches = 0
    let ending = try first.train(
      on: digits, validation: kept, onBatch: { _ in batches += 1 }, isStopping: { batches >= stop })
    #expect(ending == .interrupted)
    try Checkpoint(of: first).write(to: path)
    var second = try make()
    try Checkpoint(contentsOf: path).restore(&second)
    #expect(second.progress == first.progress && bytes(second.best) == bytes(first.best))
    try second.train(on: digits, validation: kept)
    #expect(whole.best != nil)
    #expect(Checkpoint(of: second).file.bytes == Checkpoint(of: whole).file.bytes)
  }

  @Test func `a penalty is added to the loss and shown apart`() throws {
    // The classifier alone, so that its gradient is known: 2 · 0.5 · w beside that of the loss.
    let decay = TrainingPenalty<PDENetwork> { 0.5 * sum(square($0.classifier.weight)) }
    var (plain, penalized) = (
      try makeTrainer(epochs: 1), try makeTrainer(epochs: 1, penalty: decay)
    )
    let start = plain.model.classifier.weight
    var progress: [TrainingProgress] = []
    for _ in 0..<1 {
      try plain.train(on: digits, onBatch: { progress.append($0) }, isStopping: { true })
      try penalized.train(on: digits, onBatch: { progress.append($0) }, isStopping: { true })
    }
    #expect(progress[0].loss == progress[1].loss && progress[0].penalty == 0)
    expectClose(progress[1].penalty, 0.5 * sum(square(start)).scalar, relative: 1e-6)
    let difference = plain.model.classifier.weight - penalized.model.classifier.weight
    expectClose(
      (difference - 0.05 * start).values, [Double](repeating: 0, count: start.count), absolute: 1e-7
    )
  }

  @Test func `gradients are scaled down to the limit and no further`() throws {
    func step(_ limit: Double?) throws -> Double {
      var trainer = try makeTrainer(epochs: 1, rate: 1, limit: limit)
      let before = trainer.model.leaves
      try trainer.train(on: digits, isStopping: { true })
      let squares = zip(before, trainer.model.leaves).map { sum(square($0 - $1)).scalar }
      return squares.reduce(0, +).squareRoot()
    }
    let free = try step(nil)
    #expect(free > 0.01)
    expectClose(try step(free / 4), free / 4, relative: 1e-4)
    #expect(try step(free * 4) == free)
  }
}

@Suite struct SplitTests {
  @Test func `a split keeps every image once, by the seed`() {
    let data = Dataset.optdigits.test
    let (training, kept) = data.split(keeping: 0.2, seed: 3)
    #expect(kept.count == 279 && training.count == 1397 - 279)
    func images(_ data: Dataset) -> [[UInt8]] {
      (0..<data.count).map { Array(data.pixels[64 * $0..<64 * $0 + 64]) + [data.classes[$0]] }
    }
    let parts = images(training) + images(kept)
    #expect(
      parts.sorted { $0.lexicographicallyPrecedes($1) }
        == images(data).sorted { $0.lexicographicallyPrecedes($1) })
    #expect(data.split(keeping: 0.2, seed: 3).kept.pixels == kept.pixels)
    #expect(data.split(keeping: 0.2, seed: 4).kept.pixels != kept.pixels)
    #expect(data.standardized().split(keeping: 0.5, seed: 0).kept.isStandardized)
    #expect(data.split(keeping: 0, seed: 0).training.pixels == data.pixels)
  }
}
