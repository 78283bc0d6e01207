import Foundation
import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

/// What another implementation computes in double precision: Benchmarks/peers/networks.py.
private struct Reference {
  let json: JSON

  static let all: JSON = {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Benchmarks/reference/networks.json")
    guard let data = try? Data(contentsOf: file), let json = try? JSON(parsing: Array(data)) else {
      return .null
    }
    return json
  }()

  static func list(_ name: String) -> [Reference] {
    guard case .array(let elements) = all[name] else { return [] }
    return elements.map(Reference.init)
  }

  func word(_ name: String) throws -> String { try #require(json[name]?.text) }
  func number(_ name: String) throws -> Double { try #require(json[name]?.value) }

  /// Expects numbers that have the norm, and the product with a chirp, of those of the other.
  func expect(
    _ values: [Double], are name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let norm = try #require(json[name]?["norm"]?.value)
    let probe = try #require(json[name]?["probe"]?.value)
    let comment = Comment(rawValue: "\(name) of \(try word("dynamics"))")
    expectClose(
      values.reduce(0) { $0 + $1 * $1 }.squareRoot(), norm, relative: 1e-10, comment,
      sourceLocation: sourceLocation)
    expectClose(
      zip(values, chirp(values.count, phase: 0.5)).reduce(0) { $0 + $1.0 * $1.1 }, probe,
      absolute: 1e-10 * norm, comment, sourceLocation: sourceLocation)
  }
}

/// Numbers that are the same in any language.
private func chirp(_ count: Int, phase: Double, amplitude: Double = 1) -> [Double] {
  (0..<count).map { index -> Double in
    let quadratic = 0.61 * Double(index * index % 1013)
    return amplitude * sin(1.7 * Double(index) + quadratic + phase)
  }
}

private func chirp(_ shape: Shape, phase: Double) -> Tensor {
  Tensor(chirp(shape.elementCount, phase: phase), shape: shape)
}

extension TensorTree {
  /// The tree with chirps as weights.
  fileprivate var chirped: Self {
    let list = leafList
    return replacingLeaves(
      with: zip(list.paths, list.tensors).enumerated().map { index, leaf in
        let (path, tensor) = leaf
        let isScale = path.hasSuffix("scale")
        let amplitude = path.hasSuffix("bias") ? 0.1 : isScale ? 0.2 : 0.3
        let values = chirp(
          tensor.count, phase: 0.3 + 0.7 * Double(index), amplitude: amplitude)
        return Tensor(values.map { isScale ? $0 + 1 : $0 }, shape: tensor.shape)
      })
  }
}

/// Blocks and networks equal an independent implementation.
@Suite struct NetworkReferenceTests {
  @Test func `the reference is there`() {
    #expect(Reference.list("blocks").count == 14 && Reference.list("networks").count == 3)
    #expect(Reference.list("residual_blocks").count == 2)
  }

  @Test(arguments: 0..<14)
  func `blocks have its values and gradients`(_ index: Int) throws {
    let reference = Reference.list("blocks")[index]
    let dynamics = try #require(DynamicsName(rawValue: try reference.word("dynamics")))
    let integrator = try #require(IntegratorName(rawValue: try reference.word("integrator")))
    let activation = try #require(Activation(rawValue: try reference.word("activation")))
    let boundary = try #require(Boundary(rawValue: try reference.word("boundary")))
    let normalization = try #require(
      SymmetricLayer.Normalization(try reference.word("normalization")))
    let steps = Int(try reference.number("steps"))
    let block = try PDEBlock(
      dynamics, channels: 4, steps: steps, span: Double(steps) * (try reference.number("h")),
      integrator: integrator, adjoint: integrator.isReversible ? .reversible : .direct,
      makeLayer: { channels in
        SymmetricLayer(
          channels, activation: activation, normalization: normalization, scale: true,
          boundary: boundary, seed: 1, dtype: .float64)
      }
    ).chirped
    let x = chirp([2, 4, 5, 7], phase: 0.1)
    try reference.expect(block(x).values, are: "value")
    let weights = chirp(x.shape, phase: 0.9)
    let gradient = gradient(at: Problem(block: block, x: x)) { sum($0.block($0.x) * weights) }
    try reference.expect(gradient.block.leaves.flatMap(\.values), are: "gradient")
    try reference.expect(gradient.x.values, are: "gradient_input")
  }

  @Test(arguments: 0..<3)
  func `networks have its logits, loss, penalty and gradient`(_ index: Int) throws {
    let reference = Reference.list("networks")[index]
    let dynamics = try #require(DynamicsName(rawValue: try reference.word("dynamics")))
    let network = try PDENetwork(
      .paper(dynamics, channels: [4, 6], features: 8), images: [3, 8, 12], classes: 5, seed: 1,
      dtype: .float64
    ).chirped
    try expectReference(reference, of: network)
  }

  private func expectReference(_ reference: Reference, of network: some ImageClassifier) throws {
    let x = chirp([5, 3, 8, 12], phase: 0.1)
    try reference.expect(network(x).values, are: "logits")
    let labels = Tensor([0, 3, 1, 4, 3])
    expectClose(
      softmaxCrossEntropy(network(x), labels).scalar, try reference.number("loss"),
      relative: 1e-10)
    let regularization = Regularization(smoothness: 0.03, decay: 0.02, classifierDecay: 0.01)
    let (total, gradient) = try valueAndGradient(at: network) {
      softmaxCrossEntropy($0(x), labels) + $0.penalty(regularization)
    }
    expectClose(total.scalar, try reference.number("total"), relative: 1e-10)
    try reference.expect(gradient.leaves.flatMap(\.values), are: "gradient")
    expectInUse(network, x)
  }

  /// In use, with the statistics of images, a network is the same function of them.
  private func expectInUse(_ network: some Layer, _ x: Tensor) {
    let inUse = network.calibrated(on: x)
    expectClose(inUse(x), network(x), relative: 1e-10)
    expectClose(inUse(x.slice(1..<2)), inUse(x).slice(1..<2), relative: 1e-10)
  }

  @Test(arguments: 0..<2)
  func `residual blocks have its values and gradients`(_ index: Int) throws {
    let reference = Reference.list("residual_blocks")[index]
    let boundary = try #require(Boundary(rawValue: try reference.word("boundary")))
    let block = ResidualBlock(
      (0..<3).map { _ in ResidualLayer(4, boundary: boundary, seed: 1, dtype: .float64) }
    ).chirped
    let x = chirp([2, 4, 5, 7], phase: 0.1)
    try reference.expect(block(x).values, are: "value")
    let weights = chirp(x.shape, phase: 0.9)
    let gradient = gradient(at: Problem(block: block, x: x)) { sum($0.block($0.x) * weights) }
    try reference.expect(gradient.block.leaves.flatMap(\.values), are: "gradient")
    try reference.expect(gradient.x.values, are: "gradient_input")
  }

  @Test func `a residual network has its logits, loss, penalty and gradient`() throws {
    let reference = try #require(Reference.list("residual_networks").first)
    let network = try ResidualNetwork(
      .paper(.parabolic, channels: [4, 6], features: 8), images: [3, 8, 12], classes: 5, seed: 1,
      dtype: .float64
    ).chirped
    try expectReference(reference, of: network)
  }
}

private struct Problem<Block: Layer>: TensorTree {
  var block: Block
  var x: Tensor
  static var branches: Branches<Problem<Block>> { Branches(\.block, \.x) }
}
