import Testing
import ThalwegTestSupport
import ThalwegTraining

@Suite struct ScheduleTests {
  @Test func `constant is 1`() {
    #expect([0, 0.3, 1].map { Schedule.constant.factor(after: $0, of: 1) } == [1, 1, 1])
  }

  @Test func `cosine falls from 1 to 0 through a half`() {
    let factors = [0, 3, 6].map { Schedule.cosine.factor(after: $0, of: 6) }
    expectClose(factors, [1, 0.5, 0], absolute: 1e-15)
    // cos(π/3) = 1/2
    expectClose(Schedule.cosine.factor(after: 2, of: 6), 0.75)
  }

  @Test func `one cycle rises to 1 and falls to 0`() {
    let cycle = Schedule.oneCycle(warmup: 0.2)
    expectClose(
      [0, 1, 2, 6, 10].map { cycle.factor(after: $0, of: 10) }, [0.04, 0.52, 1, 0.5, 0],
      absolute: 1e-15)
  }

  @Test func `no warm-up is the cosine, and times beyond the ends are the ends`() {
    for x in [-1, 0, 0.4, 1, 2] {
      expectClose(
        Schedule.oneCycle(warmup: 0).factor(after: x, of: 1),
        Schedule.cosine.factor(after: x, of: 1))
    }
    #expect(Schedule.cosine.factor(after: -5, of: 9) == 1)
  }

  @Test func `steps are the published rates`() {
    // 0.1, 0.02 and 0.004 for 60, 20 and 20 epochs of 360 batches.
    let published = Schedule.steps([.init(from: 60, factor: 0.2), .init(from: 80, factor: 0.04)])
    let rates = [0, 59, 60, 79, 80, 99].map { epoch in
      0.1 * published.factor(after: Double(epoch * 360 + 359) / 360, of: 100)
    }
    expectClose(rates, [0.1, 0.1, 0.02, 0.02, 0.004, 0.004])
    // The first batch of an epoch has its rate.
    expectClose(published.factor(after: Double(60 * 360) / 360, of: 100), 0.2)
  }

  @Test(arguments: ["constant", "cosine", "one-cycle:0.3", "step:60=0.2,80=0.04"])
  func `words say the same as the schedule they are read as`(words: String) throws {
    let schedule = try #require(Schedule(words))
    #expect("\(schedule)" == words && Schedule("\(schedule)") == schedule)
  }

  @Test(arguments: [
    "", "linear", "cosine:1", "one-cycle:1", "one-cycle:x", "step", "step:", "step:60", "step:0=1",
    "step:60=0.2,60=0.1", "step:60=0", "step:60=nan", "step:60=0.2,", "step:a=1", "step:1=2=3",
  ])
  func `other words are none`(words: String) { #expect(Schedule(words) == nil) }
}
