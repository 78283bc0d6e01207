import Testing
import Thalweg
import ThalwegTestSupport

/// Steps in exact arithmetic, undone, return every bit.
@Suite struct ExactReversalTests {
  /// A potential that grows like the distance, with sines, which have no machine code.
  private static func chain(_ dtype: DType) -> SeparableODE {
    SeparableODE(
      mixing(dtype, seed: 1), mixing(dtype, seed: 2)
    ) { _, p, w, _ in
      matmul(tanh(matmul(p, w)), w.transposed)
    } force: { t, q, _, w in
      -matmul(tanh(matmul(q, w)), w.transposed) - 0.1 * sin(q + t)
    }
  }

  /// A matrix that is not far from the identity.
  private static func mixing(_ dtype: DType, seed: UInt64) -> Tensor {
    let unit = (0..<64).map { $0 % 9 == 0 ? 1.0 : 0 }
    return Tensor(unit, shape: [8, 8], dtype: dtype)
      + 0.2 * Tensor.random([8, 8], dtype: dtype, seed: seed)
  }

  /// Negative, tiny and large numbers, both zeros, and numbers between points of the grid.
  private static func numbers(_ dtype: DType) -> Tensor {
    let large = dtype == .float32 ? 100.25 : 1_900
    let special: [Double] = [
      large, 0.3 - large, -0.0, 0, 1e-9, -1e-9, 1e-30, -1e-300, 3.14159, -2.71828, 0.5, -0.1, 20,
      -19.99,
      1.0 / 3, -1.0 / 7,
    ]
    return Tensor(special, shape: [2, 8], dtype: dtype)
  }

  private static func start(_ dtype: DType) -> PhasePoint {
    PhasePoint(q: numbers(dtype), p: .random([2, 8], in: -2...2, dtype: dtype, seed: 3))
  }

  private func expectEveryBit<Method: ReversibleIntegrator>(
    _ method: Method, _ field: Method.Field, from start: Method.Field.State, by h: Double,
    steps: Int = 100_000, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let trip = try ExactRoundTrip(of: method, field, from: start, by: h, steps: steps)
    #expect(trip.after == trip.before, "\(method)", sourceLocation: sourceLocation)
    #expect(trip.middle != trip.before, sourceLocation: sourceLocation)
    #expect(trip.end.allSatisfy { $0.allSatisfy(\.isFinite) }, sourceLocation: sourceLocation)
  }

  @Test(arguments: DType.allCases)
  func `symplectic Euler returns every bit of 100,000 steps`(dtype: DType) throws {
    for variant in [SymplecticEuler<SeparableODE>.Variant.kickDrift, .driftKick] {
      try expectEveryBit(
        SymplecticEuler(variant, arithmetic: .exact), Self.chain(dtype), from: Self.start(dtype),
        by: 0.01)
    }
  }

  @Test(arguments: DType.allCases)
  func `Verlet returns every bit of 100,000 steps`(dtype: DType) throws {
    try expectEveryBit(
      Verlet(arithmetic: .exact), Self.chain(dtype), from: Self.start(dtype), by: 0.01)
    try expectEveryBit(
      Verlet(arithmetic: .exact(bits: 8)), Self.chain(dtype), from: Self.start(dtype), by: -0.3,
      steps: 10_000)
  }

  @Test(arguments: DType.allCases)
  func `compositions return every bit of 100,000 steps`(dtype: DType) throws {
    for scheme in SymplecticComposition<SeparableODE>.Scheme.allCases {
      try expectEveryBit(
        SymplecticComposition(scheme, arithmetic: .exact), Self.chain(dtype),
        from: Self.start(dtype), by: 0.01)
    }
  }

  @Test(arguments: DType.allCases)
  func `leapfrog returns every bit of 100,000 steps`(dtype: DType) throws {
    let force = SecondOrderODE(Self.mixing(dtype, seed: 2)) { t, y, w in
      -matmul(tanh(matmul(y, w)), w.transposed) - 0.1 * sin(y + t)
    }
    // The limit is a quarter of that of the others.
    let start = 0.25 * Self.numbers(dtype)
    for variant in [Leapfrog<SecondOrderODE>.Start.network, .consistent] {
      try expectEveryBit(
        Leapfrog(start: variant, arithmetic: .exact), force, from: start, by: 0.01)
    }
  }

  @Test(arguments: DType.allCases)
  func `momentum returns every bit`(dtype: DType) throws {
    let field = ODE(Self.mixing(dtype, seed: 2)) { t, y, w in
      -matmul(tanh(matmul(y, w)), w.transposed) - sin(y + t)
    }
    for factor in [0.9, 0.5, 0.999] {
      try expectEveryBit(
        Momentum(factor, arithmetic: .exact), field, from: Self.numbers(dtype), by: 0.1,
        steps: 1_000)
    }
    try expectEveryBit(
      Momentum(0.99, start: .slope, arithmetic: .exact), field, from: Self.numbers(dtype), by: 0.1,
      steps: 10_000)
  }

  @Test(arguments: DType.allCases)
  func `friction returns every bit`(dtype: DType) throws {
    for factor in [0.9, 0.999] {
      try expectEveryBit(
        DampedSymplecticEuler(factor, arithmetic: .exact), Self.chain(dtype),
        from: Self.start(dtype), by: 0.05, steps: 2_000)
    }
  }

  /// Without the grid none of this holds.
  @Test func `in floating point bits are lost`() throws {
    let trip = try ExactRoundTrip(
      of: Verlet(), Self.chain(.float64), from: Self.start(.float64), by: 0.01, steps: 1_000)
    #expect(trip.after != trip.before)
    let momentum = try ExactRoundTrip(
      of: Momentum(0.9), ODE { t, y in sin(y + t) }, from: Self.numbers(.float64), by: 0.1,
      steps: 1_000)
    #expect(
      relativeError(
        momentum.after.flatMap { $0 }.map(Double.init(bitPattern:)),
        momentum.before.flatMap { $0 }.map(Double.init(bitPattern:))) > 1e20)
  }

  @Test(arguments: DType.allCases)
  func `the grid may be fine or coarse`(dtype: DType) throws {
    for bits in [-6, 0, 3, dtype == .float32 ? 40 : 300] {
      // A step moves by some points of the grid.
      let unit = Double(sign: .plus, exponent: -bits, significand: 1)
      let field = SeparableODE(Tensor([300 * unit], shape: [1], dtype: dtype)) { _, p, a in
        p
      } force: { _, q, a in
        -a * tanh(q / a)
      }
      let start = PhasePoint(
        q: Tensor([1000 * unit, -700 * unit], shape: [2], dtype: dtype),
        p: Tensor([0, 31.7 * unit], shape: [2], dtype: dtype))
      try expectEveryBit(
        Verlet(arithmetic: .exact(bits: bits)), field, from: start, by: 0.1, steps: 5_000)
    }
  }
}
