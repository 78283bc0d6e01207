import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// The networks of the paper.
@Suite struct PublishedNetworkTests {
  /// Weights as the paper counts them.
  struct Count: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let make: @Sendable (DynamicsName) -> PDENetwork.Configuration
    let side: Int
    let classes: Int
    let weights: [DynamicsName: Int]
  }

  static let counts = [
    Count(
      testDescription: "STL-10", make: { .stl10($0) }, side: 96, classes: 10,
      weights: [.parabolic: 618_554, .hamiltonian: 324_794, .secondOrder: 618_554]),
    Count(
      testDescription: "STL-10, 5 steps", make: { .stl10($0, steps: 5) }, side: 96, classes: 10,
      weights: [.parabolic: 1_011_194, .hamiltonian: 521_594]),
    Count(
      testDescription: "CIFAR-10", make: { .cifar10($0) }, side: 32, classes: 10,
      weights: [.parabolic: 502_570, .hamiltonian: 264_106, .secondOrder: 502_570]),
    Count(
      testDescription: "CIFAR-100", make: { .cifar100($0) }, side: 32, classes: 100,
      weights: [.parabolic: 652_484, .hamiltonian: 362_180, .secondOrder: 652_484]),
  ]

  @Test(arguments: counts)
  func `weights are as many as the paper counts`(_ count: Count) throws {
    for (dynamics, expected) in count.weights {
      let network = try PDENetwork(
        count.make(dynamics), images: [3, count.side, count.side], classes: count.classes, seed: 1)
      #expect(network.leaves.reduce(0) { $0 + $1.count } == expected, "\(dynamics)")
    }
  }

  @Test func `a residual network has about as many weights`() throws {
    let channels = [23, 45, 79]
    let plain = try ResidualNetwork(
      .cifar10(.parabolic), images: [3, 32, 32], classes: 10, seed: 1)
    #expect(plain.configuration.channels == channels)
    // Opening, blocks of three layers with their connectors, classifier.
    var count = 27 * 23 + 2 * 23 + 10 * 113
    for (c, behind) in zip(channels, [45, 79, 112]) {
      count += 3 * 2 * (9 * c * c + 2 * c) + c * behind + 2 * behind
    }
    #expect(plain.leaves.reduce(0) { $0 + $1.count } == count && count == 492_401)
    #expect(throws: NetworkError.self) {
      var configuration = PDENetwork.Configuration.cifar10(.parabolic)
      configuration.steps = 0
      return try ResidualNetwork(configuration, images: [3, 32, 32], classes: 10)
    }
  }

  private func small(_ dynamics: DynamicsName, dtype: DType = .float64) throws -> PDENetwork {
    try PDENetwork(
      .paper(dynamics, channels: [4, 6], features: 8), images: [3, 8, 12], classes: 5, seed: 3,
      dtype: dtype)
  }

  @Test func `steps of a block begin with the same filters, halves with their own`() throws {
    let network = try small(.hamiltonian)
    let list = network.leafList
    let kernels = zip(list.paths, list.tensors).filter {
      $0.0.hasPrefix("units.0") && $0.0.hasSuffix("kernel")
    }.map(\.1.values)
    #expect(kernels.count == 6 && Set(kernels).count == 2)
    #expect(kernels[0] == kernels[2] && kernels[1] == kernels[5] && kernels[0] != kernels[1])
  }

  @Test func `filters are within twice their deviation`() throws {
    let network = try PDENetwork(
      .cifar10(.parabolic), images: [3, 32, 32], classes: 10, seed: 7, dtype: .float64)
    let list = network.leafList
    func check(_ path: String, deviation: Double, share: ClosedRange<Double>) throws {
      let index = try #require(list.paths.firstIndex(of: path))
      let values = list.tensors[index].values
      expectClose(values.map(\.magnitude).max() ?? 0, 2 * deviation)
      // 4.55 % are beyond, and of those drawn anew most are cut off too.
      let cut = values.count { $0.magnitude > 1.999_999 * deviation }
      #expect(share.contains(Double(cut) / Double(values.count)), "\(path)")
    }
    try check("opening.convolution.weight", deviation: (2.0 / 9).squareRoot(), share: 0...0.06)
    try check(
      "units.1.block.stages.0.layer.kernel", deviation: (2.0 / 192).squareRoot(),
      share: 0.03...0.047)
    try check(
      "units.2.connector.convolution.weight", deviation: (2.0 / 112).squareRoot(),
      share: 0.025...0.05)
    try check("classifier.weight", deviation: 0.1, share: 0.02...0.07)
  }

  @Test(arguments: DynamicsName.allCases)
  func `one word exchanges the method, the boundary and the activation`(
    _ dynamics: DynamicsName
  ) throws {
    let images = Tensor.random([2, 3, 8, 8], seed: 5)
    var seen: [[Double]] = []
    func record(_ change: (inout PDENetwork.Configuration) -> Void) throws {
      var configuration = PDENetwork.Configuration.paper(dynamics, channels: [4], features: 6)
      configuration.adjoint = .direct
      // Steps of methods that look back, or solve equations, must be short.
      configuration.span = 0.3
      change(&configuration)
      let network = try PDENetwork(
        configuration, images: [3, 8, 8], classes: 3, seed: 2, dtype: .float64)
      let logits = network(images).values
      #expect(logits.allSatisfy { $0.isFinite })
      seen.append(logits)
    }
    for integrator in IntegratorName.legal(for: dynamics) {
      try record { $0.integrator = integrator }
    }
    try record { $0.boundary = .periodic }
    try record { $0.activation = .tanh }
    try record { $0.normalization = .totalVariation(.provable) }
    try record { $0.connection = .instance }
    try record { $0.weights = .linear(2) }
    // Only pairs that are the same method from rest agree.
    #expect(Set(seen).count >= seen.count - 2)
  }
}
