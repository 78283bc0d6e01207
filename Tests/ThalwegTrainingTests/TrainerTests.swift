import Foundation
import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// The first digits of the training set.
private let digits = {
  let all = Dataset.optdigits.training
  return Dataset(
    pixels: Array(all.pixels.prefix(150 * 64)), classes: Array(all.classes.prefix(150)), height: 8,
    width: 8, classCount: 10, maximum: 16)
}()

private func makeTrainer(
  seed: UInt64 = 1, learningRate: Double = 0.02, batchSize: Int = 32, epochs: Int = 3
) throws -> Trainer<PDENetwork, Adam> {
  Trainer(
    try PDENetwork(.init(channels: [4], steps: 2), images: [1, 8, 8], classes: 10, seed: seed),
    Adam(learningRate: 0, weightDecay: 0.01),
    TrainingOptions(
      epochs: epochs, batchSize: batchSize, learningRate: learningRate, seed: seed,
      augmentation: Augmentation(shift: 1, angle: 0.1, scale: 0.1)))
}

@Suite struct TrainerTests {
  @Test func `training lowers the loss`() throws {
    var trainer = try makeTrainer(epochs: 20)
    var losses: [Double] = []
    let ending = try trainer.train(on: digits) { losses.append($1.loss) }
    #expect(ending == .finished && losses.count == 20)
    #expect(trainer.progress.epoch == 20 && trainer.progress.updates == 20 * 4)
    #expect(losses[19] < 0.5 * losses[0])
    #expect(try trainer.evaluate(on: digits).accuracy > 0.8)
  }

  @Test func `the same seed gives the same weights`() throws {
    func weights(_ seed: UInt64) throws -> [[UInt8]] {
      var trainer = try makeTrainer(seed: seed)
      try trainer.train(on: digits)
      return trainer.model.leaves.map { $0.storage.bytes }
    }
    #expect(try weights(1) == weights(1))
    #expect(try weights(1) != weights(2))
  }

  @Test(arguments: [1, 3, 4, 5, 8, 11])
  func `a resumed training ends like one that was not interrupted`(stop: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/weights.safetensors"
    var whole = try makeTrainer()
    try whole.train(on: digits)

    var first = try makeTrainer()
    var batches = 0
    let ending = try first.train(
      on: digits, onBatch: { _ in batches += 1 }, isStopping: { batches >= stop })
    #expect(ending == .interrupted && batches == stop)
    try Checkpoint(of: first, note: "n").file.write(to: path)

    var second = try makeTrainer()
    try Checkpoint(contentsOf: path).restore(&second)
    #expect(second.progress == first.progress)
    try second.train(on: digits)
    // Equal states give equal files: weights, moments, progress and all.
    #expect(Checkpoint(of: second).file.bytes == Checkpoint(of: whole).file.bytes)
  }

  @Test func `a loss that is not finite stops the training`() throws {
    var trainer = try makeTrainer(learningRate: 1e30, epochs: 5)
    let error = try #require(throws: (any Error).self) { try trainer.train(on: digits) }
    // Either the loss or the state of the flow is the first to overflow.
    #expect("\(error)".contains("the loss became") || "\(error)".contains("integration stopped"))
    #expect(!"\(error)".contains("\n"))
  }

  @Test func `a batch larger than the data is an error`() throws {
    var trainer = try makeTrainer(batchSize: 151)
    #expect(throws: TrainingError.batchSize(151, examples: 150)) {
      try trainer.train(on: digits)
    }
  }

  @Test func `evaluation does not depend on the size of batches`() throws {
    let (a, b) = (try makeTrainer(batchSize: 7), try makeTrainer(batchSize: 150))
    let (first, second) = (try a.evaluate(on: digits), try b.evaluate(on: digits))
    #expect(first.predictions == second.predictions && first.predictions.count == 150)
    expectClose(first.loss, second.loss, relative: 1e-6)
    let loss = softmaxCrossEntropy(a.model(digits.images), digits.labels).scalar
    expectClose(first.loss, loss, relative: 1e-5)
    expectClose(
      first.accuracy, accuracy(a.model(digits.images), digits.labels).scalar, relative: 1e-6)
  }

  @Test func `the confusion counts classes by row and predictions by column`() throws {
    let result = try makeTrainer().evaluate(on: digits)
    #expect(result.confusion.joined().reduce(0, +) == 150)
    for (truth, row) in result.confusion.enumerated() {
      #expect(row.reduce(0, +) == digits.classes.count { $0 == truth })
    }
    let hits = (0..<10).reduce(0) { $0 + result.confusion[$1][$1] }
    #expect(Double(hits) / 150 == result.accuracy)
  }
}

@Suite struct CheckpointTests {
  private func damaged(_ change: (inout Safetensors) -> Void) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path + "/weights.safetensors"
    var trainer = try makeTrainer()
    var file = Checkpoint(of: trainer).file
    change(&file)
    try file.write(to: path)
    let error = try #require(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: path).restore(&trainer)
    }
    #expect("\(error)".hasPrefix(path) && !"\(error)".contains("\n"))
    return "\(error)"
  }

  @Test func `names are the paths of the trees`() throws {
    let names = Checkpoint(of: try makeTrainer()).file.tensors.keys
    #expect(names.contains("model.opening.convolution.weight"))
    #expect(names.contains("model.units.0.block.flow.stages.1.second.kernel"))
    #expect(names.contains("optimizer.updates"))
    #expect(names.allSatisfy { $0.hasPrefix("model.") || $0.hasPrefix("optimizer.") })
  }

  @Test func `a missing tensor, a wrong shape and a surplus tensor are named`() throws {
    let name = "model.classifier.bias"
    #expect(try damaged { $0.tensors[name] = nil }.contains("'\(name)': found nothing"))
    #expect(
      try damaged { $0.tensors[name] = .zeros([3], dtype: .float32) }
        .contains("found float32[3]; expected float32[10]"))
    #expect(try damaged { $0.tensors["model.extra"] = .zeros([3]) }.contains("'model.extra'"))
  }

  @Test(arguments: [
    "format", "epoch", "batch", "updates", "loss_sum", "accuracy_sum", "penalty_sum", "best_epoch",
    "best_accuracy", "seed",
  ])
  func `missing and wrong metadata are named`(name: String) throws {
    #expect(try damaged { $0.metadata[name] = nil }.contains("'\(name)' is missing"))
    #expect(try damaged { $0.metadata[name] = "-x" }.contains("'\(name)' is '-x'"))
  }

  @Test func `numbers out of range are refused`() throws {
    for (name, text) in [("epoch", "-1"), ("batch", "-3"), ("loss_sum", "nan"), ("seed", "-1")] {
      #expect(try damaged { $0.metadata[name] = text }.contains("'\(name)' is '\(text)'"))
    }
  }
}
