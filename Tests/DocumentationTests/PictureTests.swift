import Foundation
import Testing
import Thalweg
import ThalwegKernels

/// The pictures of the documentation are drawn by what they show.
///
/// With `THALWEG_UPDATE_PICTURES=1` in the environment they are drawn anew.
@Suite struct PictureTests {
  private let pendulum = SeparableODE { t, p in
    p
  } force: { t, q in
    -sin(q)
  }

  @Test func `the picture of the front page is up to date`() throws {
    var picture = Picture(width: 900, height: 330)
    try drawOrbits(&picture)
    try drawMemory(&picture)
    try expectUpToDate(picture.svg, "docs/pictures/methods.svg")
  }

  private func expectUpToDate(_ svg: String, _ path: String) throws {
    let file = Repository.root.appending(path: path)
    if ProcessInfo.processInfo.environment["THALWEG_UPDATE_PICTURES"] != nil {
      try svg.write(to: file, atomically: true, encoding: .utf8)
    }
    let stored = try String(contentsOf: file, encoding: .utf8)
    #expect(stored == svg, "set THALWEG_UPDATE_PICTURES=1 and run the test to draw \(path) anew")
  }

  /// The pendulum of the front page by two methods, in the plane of angle and velocity.
  private func drawOrbits(_ picture: inout Picture) throws {
    func panel(_ left: Double) -> Picture.Panel {
      Picture.Panel(x: -3.5...3.5, y: -2.8...2.8, left: left, top: 50, width: 240, height: 220)
    }
    let start = PhasePoint(q: [1.5], p: [0])
    let euler = Flow(pendulum, over: 0...20, steps: 200, using: RungeKutta(.euler))
    let verlet = Flow(pendulum, over: 0...20, steps: 200, using: Verlet())
    let orbits = [
      (panel(40), "RungeKutta(.euler)", "#cf222e", try euler.trajectory(from: start)),
      (panel(320), "Verlet()", "#0969da", try verlet.trajectory(from: start)),
    ]
    for (panel, title, color, trajectory) in orbits {
      picture.frame(panel, title: title, x: "angle", y: "velocity", isCode: true)
      picture.line(
        panel, trajectory.states.map { (x: $0.q.scalar, y: $0.p.scalar) }, color: color)
      picture.dot(panel, (1.5, 0), color: color)
    }
  }

  /// The memory of a gradient against the number of steps, by three adjoints.
  private func drawMemory(_ picture: inout Picture) throws {
    let panel = Picture.Panel(
      x: 1...3, y: 5.3...7.7, left: 640, top: 50, width: 230, height: 220)
    picture.frame(panel, title: "memory of a gradient", x: "steps", y: "bytes")
    picture.marks(
      panel, x: [(1, "10"), (2, "100"), (3, "1,000")], y: [(6, "10⁶"), (7, "10⁷")])
    let curves = [
      ("DirectAdjoint", (2.3, 6.95), "#cf222e", try bytes(DirectAdjoint())),
      ("CheckpointedAdjoint", (2.95, 5.98), "#8250df", try bytes(CheckpointedAdjoint(budget: 10))),
      ("ReversibleAdjoint", (2.95, 5.48), "#0969da", try bytes(ReversibleAdjoint())),
    ]
    for (name, place, color, curve) in curves {
      picture.line(panel, curve, color: color)
      for point in curve { picture.dot(panel, point, color: color) }
      picture.text(
        name, at: panel.place(place), anchor: "end", color: color, isCode: true, isSmall: true)
    }
  }

  /// The memory that a training step of a network of 64 features takes, as logarithms.
  private func bytes(
    _ adjoint: some Adjoint<Verlet<SeparableODE>>
  ) throws -> [(x: Double, y: Double)] {
    let network = SeparableODE(Dense(64, 64, seed: 1), Dense(64, 64, seed: 2)) { t, p, a, b in
      tanh(a(p))
    } force: { t, q, a, b in
      -tanh(b(q))
    }
    let half = Tensor.zeros([64, 64], dtype: .float32)
    return try [10, 30, 100, 300, 1000].map { steps in
      let flow = Flow(network, over: 0...1, steps: steps, using: Verlet(), adjoint: adjoint)
      let step = compile { (flow: Flow<Verlet<SeparableODE>>, start: PhasePoint) in
        try valueAndGradient(at: flow) { sum(square(try $0(start).q)) }.gradient
      }
      // Chains that are interpreted take scratch, which those in machine code do not.
      let plan = try MachineCode.$isAllowed.withValue(false) {
        try step.plan(for: flow, PhasePoint(q: half, p: half))
      }
      return (log10(Double(steps)), log10(Double(plan.arenaBytes)))
    }
  }
}
