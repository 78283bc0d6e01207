import Testing
import Thalweg
import ThalwegTestSupport

/// The code of docs/networks.md.
@Suite struct NetworksPageTests {
  @Test func `a published network, calibrated, with more steps and finer images`() throws {
    let images = Tensor.randomNormal([2, 3, 32, 32], key: 1, dtype: .float32)
    let network = try PDENetwork(.cifar10(.hamiltonian), images: [3, 32, 32], classes: 10, seed: 0)
    print(network(images).shape)  // [2, 10]
    print(network.leaves.reduce(0) { $0 + $1.count })  // 264106

    let inUse = network.calibrated(on: images)
    print(inUse(images.slice(0..<1)))  // does not depend on the other image

    let deep = try network.refined()
    let fine = try network.resampled(.finer, by: .differences)
    print(deep.configuration.steps)  // 6

    #expect(network(images).shape == [2, 10])
    #expect(network.leaves.reduce(0) { $0 + $1.count } == 264_106)
    expectClose(inUse(images.slice(0..<1)), inUse(images).slice(0..<1), relative: 1e-4)
    #expect(deep.configuration.steps == 6)
    #expect(deep.leaves.reduce(0) { $0 + $1.count } > 264_106)
    #expect(fine(.ones([1, 3, 64, 64], dtype: .float32)).shape == [1, 10])
  }

  @Test func `a regularised loss`() throws {
    let images = Tensor.randomNormal([2, 1, 8, 8], key: 1, dtype: .float32)
    let network = try PDENetwork(.optdigits(.parabolic), images: [1, 8, 8], classes: 10, seed: 0)
    let labels = Tensor([3, 5])
    let regularization = Regularization(smoothness: 2e-4, decay: 2e-4, classifierDecay: 2e-4)
    let (loss, gradient) = try valueAndGradient(at: network) { network in
      softmaxCrossEntropy(network(images), labels) + network.penalty(regularization)
    }
    let boxed = network.clamped(to: 1)

    #expect(regularization == .paper)
    #expect(loss.scalar > softmaxCrossEntropy(network(images), labels).scalar)
    #expect(gradient.leaves.allSatisfy { $0.values.allSatisfy { $0.isFinite } })
    #expect(boxed.leaves.allSatisfy { $0.values.allSatisfy { $0.magnitude <= 1 } })
  }

  @Test func `words of a configuration`() throws {
    var configuration = PDENetwork.Configuration.paper(
      .hamiltonian, channels: [8, 16], features: 16)
    configuration.integrator = .verlet  // or .rk4, .implicitMidpoint, ...
    configuration.adjoint = .checkpointed(budget: nil)
    configuration.boundary = .periodic
    configuration.activation = .tanh
    configuration.normalization = .totalVariation(.provable)
    configuration.weights = .linear(3)
    let changed = try PDENetwork(configuration, images: [3, 32, 32], classes: 10, seed: 0)

    let logits = changed(.randomNormal([2, 3, 32, 32], key: 1, dtype: .float32))
    #expect(logits.values.allSatisfy { $0.isFinite })
  }

  @Test func `a plain network`() throws {
    let plain = try ResidualNetwork(
      .cifar10(.parabolic), images: [3, 32, 32], classes: 10, seed: 0)
    print(plain.configuration.channels)  // [23, 45, 79]
    print(plain.leaves.reduce(0) { $0 + $1.count })  // 492401

    #expect(plain.configuration.channels == [23, 45, 79])
    #expect(plain.leaves.reduce(0) { $0 + $1.count } == 492_401)
  }

  @Test func `points in the plane`() throws {
    let roll = ToyProblem.swissRoll.data()
    let spiral = try PointNetwork(.hamiltonian, width: 4, steps: 32, span: 20, classes: 2, seed: 1)
    let trained = try PointTraining(updates: 50).trained(spiral, on: roll.training)
    print(trained.accuracy(on: roll.test))
    let window = ToyProblem.swissRoll.window
    let regions = try DecisionRegions(of: trained, x: window.x, y: window.y)
    print(regions.classes[0][0])

    #expect(trained.accuracy(on: roll.test) > 0.5)
    #expect(regions.classes.count == 200)
  }

  @Test func `weights are as many as the table says`() throws {
    let rows = Repository.page("docs/networks.md").tableRows.filter { $0.count == 4 }
    let presets: [(String, (DynamicsName) -> PDENetwork.Configuration, Shape, Int)] = [
      ("`stl10`", { .stl10($0) }, [3, 96, 96], 10),
      ("`cifar10`", { .cifar10($0) }, [3, 32, 32], 10),
      ("`cifar100`", { .cifar100($0) }, [3, 32, 32], 100),
      ("`fashionMNIST`", { .fashionMNIST($0) }, [1, 28, 28], 10),
      ("`optdigits`", { .optdigits($0) }, [1, 8, 8], 10),
    ]
    for (name, make, images, classes) in presets {
      let row = try #require(rows.first { $0[0] == name })
      var networks: [any Layer] = try [.parabolic, .hamiltonian, .secondOrder].map { dynamics in
        try PDENetwork(make(dynamics), images: images, classes: classes, seed: 1)
      }
      networks.append(
        try ResidualNetwork(make(.parabolic), images: images, classes: classes, seed: 1))
      let counts = networks.map { $0.leaves.reduce(0) { $0 + $1.count } }
      let stated = row[3].replacing(",", with: "").split(separator: " ").compactMap { Int($0) }
      #expect(stated == counts, "\(name)")
    }
  }
}
