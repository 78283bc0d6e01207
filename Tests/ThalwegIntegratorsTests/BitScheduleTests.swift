import Testing
import Thalweg

/// The bits that products with factors below 1 lose.
@Suite struct BitScheduleTests {
  private static let ratios = [
    (1, 2), (9, 10), (99, 100), (3, 4), (1, 10), (999, 1_000), (1, 1_000),
  ]

  // Whole numbers above 2^24 or 2^53 are not exact.
  @Test(arguments: DType.allCases)
  func `heads stay exact for ever`(dtype: DType) {
    let width = dtype == .float32 ? 24 : 53
    for (n, d) in Self.ratios {
      let schedule = BitSchedule(n, d, dtype)
      #expect(schedule.period > 0 && schedule.bits * schedule.movesPerLimb <= width)
      var (bound, largest) = (0, 0)
      for _ in 0..<200 {
        for _ in 0..<schedule.period {
          largest = max(largest, (bound + 1) * d - 1)
          bound = ((bound + 1) * d - 1) / n
        }
        bound >>= schedule.bits
      }
      #expect(largest < 1 << width, "\(n)/\(d)")
    }
  }

  @Test func `limbs take little more than the bits that are lost`() {
    // log₂(10/9) = 0.152 bits a step.
    let double = BitSchedule(9, 10, .float64)
    #expect(double.period * double.movesPerLimb == 342)
    let single = BitSchedule(9, 10, .float32)
    #expect(single.period * single.movesPerLimb == 156)
  }

  @Test(arguments: DType.allCases)
  func `more steps than the buffer lasts for are an error`(dtype: DType) throws {
    let field = ODE { _, y in -y }
    let start = Tensor([0.5, -0.25], shape: [2], dtype: dtype)
    let flow = Flow(field, over: 0...1, steps: 2_000, using: Short())
    let error = #expect(throws: IntegrationError.self) { try flow(start) }
    guard case .gridOverflow("bits.count.0", _, _)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect((error?.step ?? 0) > 1_000)
  }

  /// Momentum that is told of fewer steps than there are.
  private struct Short: Integrator {
    typealias Field = ODE<Tensor>
    typealias Carry = Momentum<Field>.Motion
    let order = 1
    let method = Momentum<Field>(0.5, arithmetic: .exact)

    func start(_ f: Field, at t: Tensor, from y: Tensor, by h: Tensor) -> Carry {
      method.start(f, at: t, from: y, by: h, over: 1_000)
    }
    func step(_ f: Field, at t: Tensor, from carry: Carry, by h: Tensor) -> Carry {
      method.step(f, at: t, from: carry, by: h)
    }
    func state(of carry: Carry) -> Tensor { method.state(of: carry) }
    func limits(of carry: Carry) -> [Double] { method.limits(of: carry) }
  }
}
