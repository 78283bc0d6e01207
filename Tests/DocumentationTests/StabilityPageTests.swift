import Foundation
import Testing
import Thalweg
import ThalwegTestSupport

/// The code of docs/stability.md, and what it claims.
@Suite struct StabilityPageTests {
  @Test func `spectra, regions and advice`() throws {
    let heat = ODE { t, u in
      400 * (u.shifted(by: 1, along: 0) - 2 * u + u.shifted(by: -1, along: 0))
    }
    let s = try spectrum(of: heat, at: .zeros([64]))
    print(s.leftmost)  // -1599.036…, the fastest decay
    print(s.largestStableStep(under: .euler))  // 0.00125…, 2 over it
    print(s.isStable(under: .classic, step: 0.0018))  // false
    print(s.largestStableStep(under: LeapfrogMidpoint()))  // 0: it amplifies what decays

    print(try advise(for: heat, at: .zeros([64]), over: 1, accurateStep: 0.5))

    // Boundaries are closed: 800 (1 + cos(π / 64)).
    expectClose(s.leftmost, -800 * (1 + cos(Double.pi / 64)), relative: 1e-12)
    #expect("\(s.leftmost)".hasPrefix("-1599.036") && s.structure == .symmetric)
    expectClose(s.largestStableStep(under: .euler), 2 / -s.leftmost, relative: 1e-9)
    #expect(!s.isStable(under: .classic, step: 0.0018))
    #expect(s.largestStableStep(under: LeapfrogMidpoint()) == 0)
    let advice = try advise(for: heat, at: .zeros([64]), over: 1, accurateStep: 0.5)
    #expect(advice.character == .diffusive && advice.best?.fits == true)
  }

  @Test func `growth that is left out of account`() throws {
    let pendulum = SecondOrderODE { t, q in -sin(q) }
    let top = try spectrum(of: pendulum, at: [3.0])
    print(top.abscissa)  // 0.994…: the solution moves away from the top
    print(top.largestStableStep(under: .classic))  // 0: something grows at any step
    print(top.largestStableStep(under: .classic, ignoringGrowth: true))  // 2.79…, for what decays
    print(top.largestStableStep(under: Verlet(), ignoringGrowth: true))  // inf

    expectClose(top.abscissa, (-cos(3.0)).squareRoot(), relative: 1e-12)
    #expect("\(top.abscissa)".hasPrefix("0.994"))
    #expect(top.largestStableStep(under: .classic) == 0)
    let decay = top.largestStableStep(under: .classic, ignoringGrowth: true)
    #expect("\(decay)".hasPrefix("2.79"), "\(decay)")
    #expect(top.largestStableStep(under: Verlet(), ignoringGrowth: true) == .infinity)
    #expect(top.largestStableStep(under: Verlet()) == 0)
  }

  @Test func `a report of a network, and filters that keep its steps stable`() throws {
    let images = Dataset.optdigits.test.images(at: [0, 1])
    let configuration = PDENetwork.Configuration(
      dynamics: .parabolic, integrator: .euler, adjoint: .direct, channels: [8], gain: 3)
    let steep = try PDENetwork(configuration, images: [1, 8, 8], classes: 10, seed: 1)
    let report = try DepthReport(of: steep, at: images)
    print(report.isStable)  // false: h ‖K‖² is about 4.5
    print(report.advice.joined(separator: "\n"))

    let projected = try steep.projected(images: [1, 8, 8], margin: 0.95)
    print(try DepthReport(of: projected, at: images).isStable)  // true

    #expect(!report.isStable)
    #expect(try DepthReport(of: projected, at: images).isStable)
    try check(report, against: "parabolic")
    try check(try DepthReport(of: projected, at: images), against: "projected")
  }

  @Test func `the picture of oscillations`() throws {
    let images = Dataset.optdigits.test.images(at: [0, 1])
    let network = try PDENetwork(
      .init(dynamics: .hamiltonian, integrator: .verlet, channels: [8], steps: 16, span: 8),
      images: [1, 8, 8], classes: 10, seed: 1)
    let report = try DepthReport(of: network, at: images)
    // The energy of a step's own dynamics stays, whatever the depth.
    #expect(report.isStable && (report.blocks[0].largestEnergyDrift ?? 1) < 0.02)
    try check(report, against: "hamiltonian")
  }

  /// Compares with the picture and the numbers beside it, or draws it anew with `THALWEG_UPDATE_PICTURES`.
  private func check(_ report: DepthReport, against name: String) throws {
    let folder = Repository.root.appending(path: "docs/pictures/stability-\(name)").path
    if ProcessInfo.processInfo.environment["THALWEG_UPDATE_PICTURES"] != nil {
      try report.writePictures(to: folder)
      for file in try FileManager.default.contentsOfDirectory(atPath: folder)
      where !["report.svg", "steps.csv", "eigenvalues.csv"].contains(file) {
        try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
      }
    }
    let drawing = NSTemporaryDirectory() + "thalweg-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: drawing) }
    try report.writePictures(to: drawing)
    let pictures = try [folder, drawing].map {
      try DrawnPicture(URL(fileURLWithPath: "\($0)/report.svg"))
    }
    #expect(pictures[0].words == pictures[1].words && pictures[0].colors == pictures[1].colors)
    let rows = try String(contentsOfFile: "\(folder)/steps.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) } }
      .filter { $0[3] != nil }
    #expect(rows.count == report.steps.count)
    for (row, step) in zip(rows, report.steps) {
      expectClose(row[4] ?? 0, step.spectrum.radius, relative: 1e-6)
      expectClose(row[10] ?? 0, step.perturbation, relative: 1e-2)
      #expect(row[12] == (step.isStable ? 1 : 0))
    }
  }
}
