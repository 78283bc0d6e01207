import Testing
import Thalweg
import ThalwegDynamics
import ThalwegKernels
import ThalwegTensors
import ThalwegTestSupport

/// Where the theorems on networks of partial differential equations hold, and where they do not: what
/// docs/stability.md says.
@Suite struct TheoremTests {
  // MARK: - Second order

  /// The distance of two solutions of y'' = -σ(y) after a time, in units of what it was.
  private func growth(
    _ σ: @escaping @Sendable (Tensor) -> Tensor, over time: Double, apart: Double
  ) throws -> Double {
    let equation = SecondOrderODE { t, y in -σ(y) }
    let flow = Flow(
      equation.firstOrder, over: 0...time, steps: Int(100 * time), using: Verlet())
    let (a, b) = (
      try flow(PhasePoint(q: [1], p: [0])), try flow(PhasePoint(q: [1 + apart], p: [0]))
    )
    return (b.q.scalar - a.q.scalar).magnitude / apart
  }

  // With relu, y = cos t until it is 0, and then goes on in a straight line for ever.
  @Test(arguments: [(10, 8.43), (100, 98.43), (1_000, 998.43)])
  func `differences of second-order networks with relu grow without a bound`(
    time: Double, ratio: Double
  ) throws {
    expectClose(try growth({ relu($0) }, over: time, apart: 0.5), ratio, absolute: 0.01)
  }

  @Test func `with tanh they grow by a drift of phase, and with a linear function they do not`()
    throws
  {
    func perturbation(_ time: Double) throws -> Double {
      let tangent = SeparableODE { t, p in
        p
      } force: { t, q in
        // The second component is the derivative in the initial position.
        let slope = 1 - square(tanh(q[0]))
        return -concatenate([tanh(q.slice(0..<1)), slope * q.slice(1..<2)])
      }
      let flow = Flow(tangent, over: 0...time, steps: Int(100 * time), using: Verlet())
      let end = try flow(PhasePoint(q: [1, 1], p: [0, 0]))
      let (q, p) = (end.q.values[1], end.p.values[1])
      return (q * q + p * p).squareRoot()
    }
    expectClose(try perturbation(100), 16.28, absolute: 0.05)
    expectClose(try perturbation(1_000), 165.9, absolute: 0.5)
    #expect(try growth({ $0 }, over: 1_000, apart: 0.5) <= 1.001)
  }

  // MARK: - Normalisation

  private static func products(
    _ function: (Tensor) -> Tensor, _ count: Int = 400
  ) -> [Double] {
    (0..<count).map { index in
      let pair = Tensor.randomNormal([2, 3, 1, 1], key: Tensor(Double(index)))
      let (a, b) = (3 * pair.slice(0..<1, along: 0), 3 * pair.slice(1..<2, along: 0))
      return sum((function(a) - function(b)) * (a - b)).scalar
    }
  }

  @Test func `the normalisation is monotone, the activation behind it not, and before it again`() {
    let normalized = TotalVariationNormalization()
    #expect((Self.products { normalized($0) }.min() ?? -1) >= -1e-12)
    #expect((Self.products { relu(normalized($0)) }.min() ?? 0) < -0.1)
    #expect((Self.products { normalized(relu($0)) }.min() ?? -1) >= -1e-12)
  }

  @Test func `layers in the order of the paper can grow, in the other order they cannot`() throws {
    let y = Tensor.randomNormal([1, 8, 6, 6], key: 4)
    func rate(_ order: SymmetricLayer.Normalization.Order) throws -> (Double, Spectrum.Structure) {
      let layer = SymmetricLayer(
        8, normalization: .totalVariation(order), bias: false, gain: 4.7, seed: 2,
        dtype: .float64)
      let jacobian = try Jacobian(at: y) { layer($0) }
      let structure = try jacobian.spectrum(.largest(1)).structure
      return (try jacobian.logarithmicNorm(tolerance: 1e-6), structure)
    }
    let paper = try rate(.paper)
    #expect(paper.0 > 0.01 && paper.1 == .general)
    let provable = try rate(.provable)
    #expect(provable.0 < 1e-4 && provable.1 == .symmetric)
  }

  // MARK: - Steps

  /// Filters as the published code begins with: deviation √(2 / 3c), cut at twice that.
  private func publishedStart(_ channels: Int) -> Tensor {
    let deviation = (2 / Double(3 * channels)).squareRoot()
    let numbers = Tensor.randomNormal([channels, channels, 3, 3], key: 8)
    let cut = 2 * Tensor.ones(numbers.shape)
    return deviation * min(max(numbers, -cut), cut)
  }

  @Test(arguments: [16, 32])
  func `steps of 1 are beyond what the published start allows`(channels: Int) throws {
    let norm = try ConvolutionNorm(of: publishedStart(channels), height: 12, width: 12).value
    #expect((4.3...4.9).contains(norm), "\(norm)")
    expectClose(2 / (norm * norm), 0.09, absolute: 0.02)  // Euler, and Hamiltonian networks
    expectClose(2 / norm, 0.42, absolute: 0.05)  // second order
  }

  @Test func `Euler keeps differences small up to its limit and not beyond`() throws {
    let layer = SymmetricLayer(3, activation: .tanh, bias: false, seed: 4, dtype: .float64)
    let norm = try layer.norm(height: 6, width: 6)
    func ratio(_ factor: Double) throws -> Double {
      let h = factor / (norm * norm)
      return try Jacobian(at: .zeros([1, 3, 6, 6])) { $0 + Tensor(h) * layer($0) }.norm()
    }
    #expect(try ratio(2) <= 1 + 1e-6)
    expectClose(try ratio(2.2), 1.2, absolute: 1e-3)
  }

  @Test func `implicit midpoint brings solutions together at any step, the trapezoid does not`()
    throws
  {
    let field = ODE { t, y in -relu(y) }
    func ratio(_ method: some Integrator<ODE<Tensor>>) throws -> Double {
      let flow = Flow(field, over: 0...6, steps: 1, using: method)
      let (a, b) = (try flow([1.0]).scalar, try flow([2.0]).scalar)
      return (b - a).magnitude
    }
    expectClose(try ratio(Trapezoid()), 2, relative: 1e-9)
    expectClose(try ratio(ImplicitMidpoint()), 0.5, relative: 1e-9)
  }
}
