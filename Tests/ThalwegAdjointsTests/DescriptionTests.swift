import Testing
import Thalweg

/// What flows and their statistics print.
@Suite struct DescriptionTests {
  private let decay = ODE(Tensor(1)) { t, y, k in -k * y }

  @Test func `a flow says what it is`() throws {
    let flow = Flow(decay, over: 0...2, steps: 20, using: RungeKutta(.classic))
    #expect(
      "\(flow)"
        == "Flow of ODE<Tensor> with parameters float64[] from 0.0 to 2.0, 20 steps by RungeKutta"
        + " of order 4")
    let staged = Flow(stages: [decay, decay], over: 0...1, using: RungeKutta(.euler))
    #expect("\(staged)".hasPrefix("Flow of 2 stages of ODE<Tensor> with parameters float64[] from"))
    let controlled = Flow(
      decay, from: 0, to: 2, tolerance: 1e-6, using: EmbeddedRungeKutta(.tsitouras5),
      events: [Event("half", .falling) { t, y in sum(y) - 0.5 }])
    #expect(
      "\(controlled)".hasSuffix(
        "from 0.0 to 2.0, steps of controlled size by EmbeddedRungeKutta of order 5,"
          + " with events \"half\""))
  }

  @Test func `statistics are two lines at most`() throws {
    let flow = Flow(decay, over: 0...2, steps: 20, using: RungeKutta(.classic))
    _ = try flow([1, 2])
    #expect(
      "\(flow.statistics)" == "20 steps, 80 evaluations, \(flow.statistics.arenaBytes) bytes")

    let method = EmbeddedRungeKutta<ODE<Tensor>>(.tsitouras5)
    let controlled = Flow(decay, over: 0...2, tolerance: 1e-6, using: method)
    _ = try controlled([1, 2])
    let counts = controlled.statistics
    let (least, most) = try (#require(counts.smallestStep), #require(counts.largestStep))
    #expect(
      "\(counts)"
        == "\(counts.steps) steps from \(least) to \(most) (\(counts.rejected) rejected),"
        + " \(counts.evaluations) evaluations, \(counts.arenaBytes) bytes")

    let implicit = Flow(decay, over: 0...2, steps: 20, using: BackwardEuler())
    _ = try implicit([1, 2])
    let lines = "\(implicit.statistics)".split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.last?.hasPrefix("\(implicit.statistics.newtonIterations) Newton iter") == true)
  }
}
