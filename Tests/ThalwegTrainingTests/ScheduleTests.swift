import Testing
import ThalwegTestSupport
import ThalwegTraining

@Suite struct ScheduleTests {
  @Test func `constant is 1`() {
    #expect([0, 0.3, 1].map { Schedule.constant.factor(at: $0) } == [1, 1, 1])
  }

  @Test func `cosine falls from 1 to 0 through a half`() {
    expectClose([0, 0.5, 1].map { Schedule.cosine.factor(at: $0) }, [1, 0.5, 0], absolute: 1e-15)
    // cos(π/3) = 1/2
    expectClose(Schedule.cosine.factor(at: 1.0 / 3), 0.75)
  }

  @Test func `one cycle rises to 1 and falls to 0`() {
    let cycle = Schedule.oneCycle(warmup: 0.2)
    expectClose(
      [0, 0.1, 0.2, 0.6, 1].map(cycle.factor), [0.04, 0.52, 1, 0.5, 0], absolute: 1e-15)
  }

  @Test func `no warm-up is the cosine, and times beyond the ends are the ends`() {
    for x in [-1, 0, 0.4, 1, 2] {
      expectClose(Schedule.oneCycle(warmup: 0).factor(at: x), Schedule.cosine.factor(at: x))
    }
    #expect(Schedule.cosine.factor(at: -5) == 1)
  }
}
