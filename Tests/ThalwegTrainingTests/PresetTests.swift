import Foundation
import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// The published trainings.
@Suite struct PresetTests {
  private func rates(_ preset: Preset, _ epochs: [Double]) -> [Double] {
    epochs.map { preset.learningRate * preset.schedule.factor(after: $0, of: preset.epochs) }
  }

  @Test func `the paper trains with five times smaller rates from some epochs on`() throws {
    let cifar10 = try #require(Preset(.paper, for: "cifar10"))
    #expect(cifar10.epochs == 100 && cifar10.batchSize == 125 && cifar10.momentum == 0.9)
    expectClose(rates(cifar10, [0, 59.9, 60, 79.9, 80, 99]), [0.1, 0.1, 0.02, 0.02, 0.004, 0.004])
    #expect(cifar10.regularization == .paper && cifar10.box == 1 && cifar10.validation == 0.2)
    #expect(cifar10.augmentation == Augmentation(crop: 2, mirrors: true))
    let stl10 = try #require(Preset(.paper, for: "stl10"))
    #expect(stl10.augmentation.crop == 6 && stl10.regularization.smoothness == 4e-4)
    #expect(stl10.network(.parabolic) == .stl10(.parabolic))
    let cifar100 = try #require(Preset(.paper, for: "cifar100"))
    #expect(cifar100.epochs == 200)
    expectClose(
      rates(cifar100, [59, 60, 100, 140, 180, 199]),
      [0.1, 0.02, 0.004, 0.0008, 0.00016, 0.00016])
  }

  @Test func `the journal trains longer, with small batches`() throws {
    let cifar10 = try #require(Preset(.journal, for: "cifar10"))
    #expect(cifar10.epochs == 180 && cifar10.batchSize == 32)
    expectClose(
      rates(cifar10, [39, 40, 50, 179]), [0.05, 0.05 / 1.5, 0.05 / 2.25, 0.05 / pow(1.5, 14)])
    let cifar100 = try #require(Preset(.journal, for: "cifar100"))
    #expect(cifar100.epochs == 340)
    expectClose(rates(cifar100, [59, 60, 339]), [0.05 / 1.5, 0.05 / 2.25, 0.05 / pow(1.5, 15)])
    let stl10 = try #require(Preset(.journal, for: "stl10"))
    #expect(cifar10.options(seed: 0).lossGoal == 0.01)
    #expect(stl10.network(.hamiltonian).steps == 5 && stl10.augmentation.isNone)
  }

  @Test func `there is none for other data`() {
    #expect(Preset(.paper, for: "optdigits") == nil && Preset(.small, for: "cifar10") == nil)
    for (name, data) in Preset.data {
      for data in data { #expect(Preset(name, for: data) != nil) }
    }
  }

  @Test func `weights stay in the box, and the penalty is part of the loss`() throws {
    var preset = try #require(Preset(.small, for: "optdigits"))
    (preset.epochs, preset.learningRate, preset.box) = (1, 0.5, 0.3)
    let network = try PDENetwork(
      preset.network(.parabolic), images: [1, 8, 8], classes: 10, seed: 1)
    var trainer = Trainer(
      network, SGD(learningRate: 0.5, momentum: preset.momentum), preset.options(seed: 0),
      constraint: preset.constraint, penalty: preset.penalty)
    try trainer.train(on: Dataset.optdigits.training.selecting(Array(0..<128)))
    #expect(
      trainer.model.leaves.allSatisfy { $0.values.allSatisfy { $0.magnitude <= 0.3 + 1e-6 } })
    #expect(trainer.model.leaves.map(\.values) != network.clamped(to: 0.3).leaves.map(\.values))
  }
}
