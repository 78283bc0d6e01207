import Testing
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// Networks with more steps, and for images of other resolutions.
@Suite struct RefinementTests {
  private func network(
    _ dynamics: DynamicsName, steps: Int, weights: WeightBasis = .steps, seed: UInt64 = 3
  ) throws -> PDENetwork {
    try PDENetwork(
      .init(
        dynamics: dynamics, integrator: dynamics.publishedIntegrator, adjoint: .direct,
        channels: [4, 6], features: 5, steps: steps, span: 0.8, weights: weights,
        activation: .tanh, hasScales: true, pooling: .global),
      images: [2, 8, 8], classes: 3, seed: seed, dtype: .float64)
  }

  private let images = Tensor.random([2, 2, 8, 8], seed: 4)

  private func values(_ network: PDENetwork, _ path: String) -> [[Double]] {
    let list = network.leafList
    return zip(list.paths, list.tensors).filter { $0.0.hasPrefix(path) }.map(\.1.values)
  }

  @Test(arguments: DynamicsName.allCases)
  func `twice the steps have weights between those that were`(_ dynamics: DynamicsName) throws {
    let coarse = try network(dynamics, steps: 3)
    let fine = try coarse.refined()
    #expect(fine.configuration.steps == 6 && fine.configuration.span == 0.8)
    let flow = dynamics == .parabolic ? "" : dynamics == .hamiltonian ? "flow." : ""
    func step(_ network: PDENetwork, _ index: Int) -> [[Double]] {
      values(network, "units.1.block.\(flow)stages.\(index).")
    }
    #expect(!step(coarse, 0).isEmpty)
    for index in 0..<6 {
      let (left, right) = (step(coarse, index / 2), step(coarse, min((index + 1) / 2, 2)))
      for (values, (a, b)) in zip(step(fine, index), zip(left, right)) {
        expectClose(values, zip(a, b).map { ($0 + $1) / 2 })
      }
    }
    #expect(try fine.coarsened().leaves.map(\.values) == coarse.leaves.map(\.values))
    let same = try coarse.refined(.constant)
    #expect(step(same, 3) == step(coarse, 1))
    #expect(try same.coarsened(.constant).leaves.map(\.values) == coarse.leaves.map(\.values))
    #expect(throws: NetworkError.self) { try coarse.coarsened() }
  }

  @Test(arguments: DynamicsName.allCases, [WeightBasis.steps, .linear(3)])
  func `refined networks approach one limit`(
    _ dynamics: DynamicsName, _ weights: WeightBasis
  ) throws {
    var networks = [try network(dynamics, steps: 4, weights: weights)]
    for _ in 0..<3 { networks.append(try networks[networks.count - 1].refined(.constant)) }
    let ends = networks.map { $0(images) }
    let distances = zip(ends, ends.dropFirst()).map { relativeError($0, $1) }
    // Of first order: each difference is half of the one before, or less where weights vary.
    for (one, next) in zip(distances, distances.dropFirst()) {
      #expect((0.2...0.6).contains(next / one), "\(distances)")
    }
  }
}

@Suite struct StencilTransferTests {
  /// A filter applied to a polynomial, at the middle of an image with pixels of a width.
  private func applied(
    _ kernel: [Double], _ h: Double, _ p: (Double, Double) -> Double
  ) -> Double {
    var total = 0.0
    for i in 0..<3 {
      for j in 0..<3 { total += kernel[3 * i + j] * p(Double(i - 1) * h, Double(j - 1) * h) }
    }
    return total
  }

  private let kernel = Tensor.random([1, 1, 3, 3], seed: 1)

  @Test func `differences of polynomials stay what they are`() {
    let fine = StencilTransfer.differences.finer(kernel)
    // In each direction a filter is b₁ (1 + h² d²/4) + b₂ d - b₃ d² on quadratics. What the average
    // [1 2 1]/4 adds in h² is no part of the operator, so that it is taken off.
    let basis: [(Double, Double, Double) -> Double] = [
      { _, _, _ in 1 }, { _, x, _ in x }, { h, x, _ in x * x - h * h / 2 },
    ]
    for a in 0..<3 {
      for b in 0..<3 {
        func value(_ kernel: Tensor, _ h: Double) -> Double {
          applied(kernel.values, h) { x, y in basis[a](h, x, 0) * basis[b](h, y, 0) }
        }
        expectClose(value(fine, 0.5), value(kernel, 1), relative: 1e-12, absolute: 1e-13)
      }
    }
  }

  @Test(arguments: StencilTransfer.allCases)
  func `there and back is the same filter`(_ transfer: StencilTransfer) {
    expectClose(transfer.coarser(transfer.finer(kernel)), kernel, relative: 1e-13)
    expectClose(transfer.finer(transfer.coarser(kernel)), kernel, relative: 1e-13)
    #expect(relativeError(transfer.finer(kernel), kernel) > 0.1)
  }

  @Test func `the Laplacian stays the Laplacian`() {
    let laplacian = Tensor([0, -1, 0, -1, 4, -1, 0, -1, 0], shape: [1, 1, 3, 3])
    let fine = StencilTransfer.differences.finer(laplacian)
    expectClose(applied(laplacian.values, 1) { $0 * $0 + $1 * $1 }, -4)
    expectClose(applied(fine.values, 0.5) { $0 * $0 + $1 * $1 }, -4)
  }

  @Test func `the Galerkin filter is average, filter, repetition`() {
    let coarse = StencilTransfer.galerkin.coarser(kernel)
    let x = Tensor.random([1, 1, 6, 4], seed: 2)
    let repeated = x.reshaped(to: [1, 1, 6, 1, 4, 1]).broadcast(to: [1, 1, 6, 2, 4, 2])
      .reshaped(to: [1, 1, 12, 8])
    expectClose(
      convolution(x, coarse, boundary: .periodic),
      averagePool(convolution(repeated, kernel, boundary: .periodic), size: 2))
  }
}
