import Testing
import ThalwegAdjoints
import ThalwegIntegrators
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

/// Networks whose batch normalisations are frozen after training.
@Suite struct CalibrationTests {
  private let x = Tensor.random([5, 4, 6, 6], seed: 1)

  private func layer(_ channels: Int, _ seed: UInt64) -> SymmetricLayer {
    SymmetricLayer(
      channels, activation: .tanh, normalization: .batch, seed: seed, dtype: .float64)
  }

  private func expectIndependence(
    _ layer: any Layer, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectClose(
      layer(x.slice(1..<2)), layer(x).slice(1..<2), relative: 1e-12,
      sourceLocation: sourceLocation)
  }

  @Test func `layers of a chain are measured behind those that are calibrated`() {
    let chain = Sequential(
      BatchNormalization(channels: 4, dtype: .float64), Conv2D(4, 4, seed: 1, dtype: .float64),
      Sequential(BatchNormalization(), Activation.tanh), layer(4, 2))
    let calibrated = chain.calibrated(on: x)
    expectClose(calibrated(x), chain(x))
    expectIndependence(calibrated)
    #expect(relativeError(chain(x.slice(1..<2)), chain(x).slice(1..<2)) > 0.01)
  }

  // The methods that evaluate each layer once a step.
  @Test(arguments: [
    (DynamicsName.parabolic, IntegratorName.euler), (.hamiltonian, .symplecticEuler),
    (.secondOrder, .leapfrog), (.secondOrder, .symplecticEuler),
  ])
  func `a block is the same function of the images it is calibrated on`(
    dynamics: DynamicsName, integrator: IntegratorName
  ) throws {
    var seed: UInt64 = 0
    let block = try PDEBlock(
      dynamics, channels: 4, steps: 3, span: 2, integrator: integrator, adjoint: .direct,
      makeLayer: { channels in
        seed += 1
        return layer(channels, seed)
      })
    let calibrated = block.calibrated(on: x)
    expectClose(calibrated(x), block(x))
    expectIndependence(calibrated)
    #expect(relativeError(block(x.slice(1..<2)), block(x).slice(1..<2)) > 1e-3)
    // Each step has its own statistics.
    let scales = calibrated.leafList
    let values = zip(scales.paths, scales.tensors).filter { $0.0.hasSuffix("scale") }
      .map { $0.1.values }
    #expect(values.count == (dynamics == .hamiltonian ? 6 : 3) && Set(values).count == values.count)
  }

  @Test func `where a method evaluates more often the statistics are those of all evaluations`()
    throws
  {
    let field = ParabolicDynamics(layer(4, 3))
    let h = 0.5
    let flow = Flow(stages: [field], over: 0...h, using: RungeKutta(.heun))
    // The two points at which Heun's method evaluates.
    let second = x + h * field.layer(x)
    let statistics = [x, second].map {
      ChannelStatistics(of: convolution($0, field.layer.kernel))
    }
    let expected = BatchNormalization().frozen(with: statistics[0].merged(with: statistics[1]))
    let leaves = flow.calibrated(on: x).stages[0].layer
    expectClose(try #require(leaves.scale), try #require(expected.scale))
    expectClose(try #require(leaves.bias), try #require(expected.bias))
  }

  @Test func `steps that share a layer share its statistics`() throws {
    let field = ParabolicDynamics(layer(4, 4))
    let flow = Flow(field, over: 0...1, steps: 2, using: RungeKutta(.euler))
    let states = [x, x + 0.5 * field.layer(x)]
    let statistics = states.map { ChannelStatistics(of: convolution($0, field.layer.kernel)) }
    let expected = BatchNormalization().frozen(with: statistics[0].merged(with: statistics[1]))
    let calibrated = flow.calibrated(on: x)
    expectClose(try #require(calibrated.dynamics.layer.scale), try #require(expected.scale))
    #expect(calibrated.steps == 2)
    expectIndependence(calibrated)
  }

  @Test(arguments: DynamicsName.allCases)
  func `a calibrated network treats examples one by one`(dynamics: DynamicsName) throws {
    let network = try PDENetwork(
      .init(
        dynamics: dynamics, integrator: dynamics == .parabolic ? .euler : .verlet,
        adjoint: dynamics == .parabolic ? .direct : .reversible, channels: [4, 8], steps: 2,
        normalization: .batch),
      images: [4, 8, 8], classes: 3, seed: 1, dtype: .float64)
    let images = Tensor.random([6, 4, 8, 8], seed: 2)
    let one = images.slice(2..<3)
    #expect(relativeError(network(one), network(images).slice(2..<3)) > 1e-3)
    let calibrated = network.calibrated(on: images)
    expectClose(calibrated(one), calibrated(images).slice(2..<3))
    // The new tensors are leaves, so that they are saved with the others.
    let paths = calibrated.leafList.paths
    #expect(Set(paths).count == paths.count)
    #expect(paths.filter { $0.hasSuffix(".scale") }.count > 2)
    let gradient = try valueAndGradient(at: calibrated) { sum(square($0(images))) }.gradient
    #expect(gradient.leaves.allSatisfy { $0.values.allSatisfy(\.isFinite) })
  }

  @Test func `a compiled function tells calibrated networks from others`() throws {
    let apply = compile { (net: SymmetricLayer, x: Tensor) in net(x) }
    let trained = SymmetricLayer(
      4, normalization: .batch, scale: true, seed: 5, dtype: .float64)
    let frozen = trained.calibrated(on: 2 * x)
    #expect(trained.leaves.map(\.type) == frozen.leaves.map(\.type))
    for _ in 0..<2 {
      expectClose(try apply(trained, x), trained(x))
      expectClose(try apply(frozen, x), frozen(x))
    }
    #expect(relativeError(trained(x), frozen(x)) > 0.01)
  }
}
