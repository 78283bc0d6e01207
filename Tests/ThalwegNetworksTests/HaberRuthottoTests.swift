import Testing
import Thalweg
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegNetworks
import ThalwegReports
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport

/// The layers whose weights decide the signs of eigenvalues.
@Suite struct HaberRuthottoTests {
  @Test func `antisymmetric layers turn, and damping moves eigenvalues to the left`() throws {
    for damping in [0.0, 0.3] {
      let layer = AntisymmetricLayer(features: 7, damping: damping, seed: 4, dtype: .float64)
      // At 0 the slope of tanh is 1 for all units.
      let s = try spectrum(of: ODE { _, y in layer(y) }, at: .zeros([1, 7]))
      for value in s.eigenvalues {
        expectClose(value.real, -damping / 2, absolute: 1e-14)
      }
      #expect(s.eigenvalues.contains { $0.imaginary.magnitude > 0.1 })
      let euler = s.largestStableStep(under: .euler)
      guard damping > 0 else {
        #expect(euler == 0 && s.largestStableStep(under: .classic) > 0)
        continue
      }
      let turns = s.eigenvalues.map { 2 * $0.imaginary.magnitude }.max() ?? 0
      expectClose(euler, 4 * damping / (damping * damping + turns * turns), relative: 1e-9)
    }
  }

  @Test func `filters turn as well, and no slope makes anything grow`() throws {
    let layer = AntisymmetricLayer(channels: 3, damping: 0.1, seed: 5, dtype: .float64)
    let y = Tensor.randomNormal([1, 3, 5, 5], key: 3)
    let s = try spectrum(of: ODE { _, y in layer(y) }, at: y)
    #expect(s.size == 75 && s.abscissa < 1e-12 && s.structure == .general)
  }

  @Test func `symmetric negative layers damp at least as fast as they say`() throws {
    let layer = SymmetricNegativeLayer(
      SymmetricLayer(3, bias: false, seed: 6, dtype: .float64), damping: 0.25)
    let y = Tensor.randomNormal([1, 3, 5, 5], key: 3)
    let s = try spectrum(of: ODE { _, y in layer(y) }, at: y)
    let norm = try layer.layer.norm(height: 5, width: 5)
    #expect(s.structure == .symmetric && s.abscissa <= -0.25 + 1e-12)
    #expect(s.leftmost >= -norm * norm * (1 + 1e-6) - 0.25)
  }

  @Test(arguments: [
    (DynamicsName.parabolic, IntegratorName.euler), (.parabolic, .rk4), (.hamiltonian, .verlet),
    (.hamiltonian, .symplecticEuler), (.hamiltonian, .rk4), (.secondOrder, .leapfrog),
  ])
  func `projected filters make steps stable`(
    dynamics: DynamicsName, integrator: IntegratorName
  ) throws {
    let configuration = PDENetwork.Configuration(
      dynamics: dynamics, integrator: integrator, adjoint: .direct, channels: [4], steps: 2,
      span: 6, gain: 8)
    let images: Shape = [1, 8, 8]
    let network = try PDENetwork(
      configuration, images: images, classes: 3, seed: 3, dtype: .float64)
    let projected = try network.projected(images: images, margin: 0.999)
    let limit = try network.largestStableNorm()
    func stableSteps(_ network: PDENetwork) throws -> Int {
      try DepthReport(of: network, at: .randomNormal([1, 1, 8, 8], key: 5)).steps
        .count(where: \.isStable)
    }
    #expect(try stableSteps(network) == 0)
    #expect(try stableSteps(projected) == 2)
    let norms = try DepthReport(of: projected, at: .randomNormal([1, 1, 8, 8], key: 5)).steps
      .flatMap(\.kernelNorms)
    for norm in norms { expectClose(norm, 0.999 * limit, relative: 1e-3) }
    // What is small enough stays as it is.
    let again = try projected.projected(images: images, margin: 1.01)
    #expect(again.leaves.map(\.values) == projected.leaves.map(\.values))
  }

  @Test func `where nothing makes steps stable, that is an error`() throws {
    func limit(
      _ dynamics: DynamicsName, _ integrator: IntegratorName,
      _ normalization: SymmetricLayer.Normalization
    ) throws -> Double {
      try PDENetwork(
        .init(
          dynamics: dynamics, integrator: integrator, adjoint: .direct, channels: [4],
          normalization: normalization),
        images: [1, 8, 8], classes: 2, seed: 1
      ).largestStableNorm()
    }
    #expect(throws: NetworkError.self) { try limit(.hamiltonian, .euler, .none) }
    #expect(throws: NetworkError.self) { try limit(.parabolic, .leapfrogMidpoint, .none) }
    let error = #expect(throws: NetworkError.self) { try limit(.parabolic, .euler, .instance) }
    #expect(error.map { "\($0)" }?.contains("instance") == true)
    // ‖K‖² h / √ε = 2 with h = ½ and ε = 0.001.
    expectClose(
      try limit(.parabolic, .euler, .totalVariation(.provable)),
      (4 * 0.001.squareRoot()).squareRoot(), relative: 1e-9)
  }
}
