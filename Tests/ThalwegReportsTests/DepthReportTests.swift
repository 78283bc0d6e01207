import Foundation
import Testing
import Thalweg
import ThalwegKernels
import ThalwegNetworks
import ThalwegReports
import ThalwegStability
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

@Suite struct DepthReportTests {
  private func network(
    _ dynamics: DynamicsName, _ integrator: IntegratorName, gain: Double = 1, steps: Int = 3,
    span: Double = 1.5, channels: [Int] = [4], activation: Activation = .tanh
  ) throws -> PDENetwork {
    try PDENetwork(
      .init(
        dynamics: dynamics, integrator: integrator, adjoint: .direct, channels: channels,
        steps: steps,
        span: span, gain: gain, activation: activation),
      images: [1, 8, 8], classes: 3, seed: 2, dtype: .float64)
  }

  private let image = Tensor.randomNormal([2, 1, 8, 8], key: 9)

  @Test func `numbers of a report are those of the parts`() throws {
    let network = try network(.parabolic, .euler)
    let report = try DepthReport(of: network, at: image)
    #expect(report.blocks.count == 1 && report.steps.count == 3)
    let flow = try #require(network.units[0].block.flow as? Flow<RungeKutta<ParabolicDynamics>>)
    let start = network.blockInputs(image.slice(0..<1, along: 0))[0]
    let first = report.steps[0]
    let s = try spectrum(of: flow.stages[0], at: start)
    expectClose(first.spectrum.radius, s.radius, relative: 1e-12)
    expectClose(
      first.kernelNorms[0], try flow.stages[0].layer.norm(height: 8, width: 8), relative: 1e-12)
    expectClose(first.largestStableStep, 2 / s.radius, relative: 1e-9)
    let next = start + 0.5 * flow.stages[0](0, start)
    expectClose(first.normRatio, length(next) / length(start), relative: 1e-12)
    // Diffusion lowers its energy, and its steps are stable up to 2 over the radius.
    #expect(report.steps.allSatisfy { ($0.energyDrift ?? 1) < 0 })
    for step in report.steps { #expect(step.isStable == (0.5 * step.spectrum.radius <= 2)) }
  }

  /// Of the eigenvalues on the imaginary axis none is rightmost: what the search for it leaves
  /// must not hide the others.
  @Test func `large oscillating steps have the limit of their radius`() throws {
    let network = try PDENetwork(
      .init(dynamics: .hamiltonian, integrator: .verlet, channels: [48], steps: 2, span: 1),
      images: [1, 8, 8], classes: 10, seed: 0)
    let report = try DepthReport(of: network, at: image.to(.float32))
    for step in report.steps {
      #expect(step.spectrum.method == .krylov && step.spectrum.radius > 0.2 && step.isStable)
      expectClose(step.largestStableStep, 2 / step.spectrum.radius, relative: 1e-4)
    }
    // What did not converge is said everywhere, and shown nowhere.
    let steps = report.steps.filter { !$0.spectrum.isConverged }
    #expect(!steps.isEmpty)
    let lines = "\(report)".split(separator: "\n")
    for step in steps {
      #expect(lines.contains { $0.hasPrefix("* step \(step.step + 1): not all eigenvalues") })
      #expect(lines.contains { $0.split(separator: " ").first == "\(step.step + 1)*" })
    }
    let folder = NSTemporaryDirectory() + "thalweg-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try? report.writePictures(to: folder)
    let rows = try String(contentsOfFile: "\(folder)/eigenvalues.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    #expect(rows.count < report.steps.reduce(0) { $0 + $1.spectrum.eigenvalues.count })
    // Those of Hamiltonian layers are imaginary.
    #expect(!rows.isEmpty && rows.allSatisfy { abs($0[1]) < 1e-6 }, "\(rows.map { $0[1] })")
    let json = try JSON(parsing: Array(report.json.utf8))
    guard case .array(let blocks)? = json["blocks"], case .array(let objects)? = blocks[0]["steps"]
    else {
      Issue.record("no steps in \(report.json)")
      return
    }
    for (index, object) in objects.enumerated() {
      guard case .array(let values)? = object["eigenvalues"] else {
        Issue.record("no eigenvalues in step \(index + 1)")
        continue
      }
      let count = rows.count { $0[0] == Double(index + 1) }
      #expect(values.count == count)
    }
  }

  @Test func `layers whose eigenvalues products do not find are computed whole`() throws {
    let network = try PDENetwork(
      .init(dynamics: .hamiltonian, integrator: .verlet, channels: [32], steps: 2, span: 1),
      images: [1, 8, 8], classes: 10, seed: 0)
    let report = try DepthReport(of: network, at: image)
    for spectrum in report.steps.map(\.spectrum) {
      #expect(spectrum.size == 2048 && spectrum.isConverged && spectrum.residual < 1e-10)
      let largest = spectrum.eigenvalues.map(\.real.magnitude).max() ?? 1
      #expect(largest < 1e-6 * spectrum.radius, "\(largest)")
    }
    #expect(!"\(report)".contains("not all eigenvalues"))
  }

  @Test func `growth through stable steps is explained`() throws {
    let network = try network(.hamiltonian, .verlet, gain: 3, steps: 6, span: 1.5)
    let report = try DepthReport(of: network, at: image)
    let growth = report.blocks[0].amplification
    #expect(report.isStable && growth > 2, "\(growth)")
    #expect(report.advice.contains { $0.contains("although its steps are stable") })
    let quiet = try DepthReport(of: try self.network(.parabolic, .euler), at: image)
    #expect(quiet.isStable && quiet.blocks[0].amplification < 2)
    #expect(!quiet.advice.contains { $0.contains("although") })
  }

  @Test func `growth is that of the derivative of the block`() throws {
    for (dynamics, integrator) in [
      (DynamicsName.hamiltonian, IntegratorName.verlet), (.secondOrder, .leapfrog),
      (.secondOrder, .verlet), (.parabolic, .rk4),
    ] {
      let network = try network(dynamics, integrator)
      let report = try DepthReport(of: network, at: image)
      let start = network.blockInputs(image.slice(0..<1, along: 0))[0]
      let block = network.units[0].block
      let jacobian = try Jacobian(at: start) { block($0) }
      expectClose(report.blocks[0].amplification, try jacobian.norm(), relative: 5e-3)
      #expect(report.steps.last?.perturbation.isFinite == true)
    }
  }

  @Test func `energy of Hamiltonian and second-order steps drifts like the square of the step`()
    throws
  {
    for (dynamics, integrator) in [
      (DynamicsName.hamiltonian, IntegratorName.verlet), (.secondOrder, .verlet),
    ] {
      func drift(_ span: Double) throws -> Double {
        let report = try DepthReport(
          of: try network(dynamics, integrator, steps: 1, span: span), at: image)
        return try #require(report.blocks[0].largestEnergyDrift)
      }
      // One step of a method of order 2 changes the energy by h³.
      let order = try log2(drift(0.2) / drift(0.1))
      #expect(order > 2.5, "\(dynamics): \(order)")
    }
  }

  @Test func `networks that are too steep get advice that helps`() throws {
    let report = try DepthReport(of: try network(.parabolic, .euler, gain: 6), at: image)
    #expect(!report.isStable && report.steps.allSatisfy { $0.amplification > 1 })
    let advice = report.advice.joined(separator: "\n")
    #expect(advice.contains("--steps") && advice.contains("--project"))
    let limit = try #require(report.steps.map(\.largestStableStep).min())
    let steps = Int((1.5 / limit).rounded(.up))
    #expect(advice.contains("--steps \(steps) "))
    let gentle = try DepthReport(of: try network(.hamiltonian, .verlet), at: image)
    #expect(gentle.isStable && gentle.advice.count == 1)
    #expect(gentle.advice[0].contains("All steps are stable"))
  }

  @Test func `a report is text, and one object of JSON`() throws {
    let report = try DepthReport(
      of: try network(.secondOrder, .leapfrog, channels: [4, 8]), at: image)
    let text = "\(report)"
    #expect(text.contains("Block 2") && text.contains("Advice") && text.contains("leapfrog"))
    let json = try JSON(parsing: Array(report.json.utf8))
    #expect(json["result"]?.text == "depth-report" && json["stable"] == .boolean(true))
    guard case .array(let blocks)? = json["blocks"], case .array(let steps)? = blocks[1]["steps"]
    else {
      Issue.record("no blocks in \(report.json)")
      return
    }
    #expect(blocks.count == 2 && steps.count == 3)
    #expect(steps[0]["radius"]?.value == report.blocks[1].steps[0].spectrum.radius)
  }

  @Test func `pictures come with the numbers behind them`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "thalweg-report-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let report = try DepthReport(of: try network(.parabolic, .euler, gain: 6), at: image)
    do {
      let paths = try report.writePictures(to: folder)
      #expect(paths.count == 10 && paths[0].hasSuffix("report.svg"))
      for path in paths {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.count > 2_000, "\(path)")
        #expect(
          bytes.prefix(4) == Data(path.hasSuffix("png") ? [137, 80, 78, 71] : [60, 63, 120, 109]))
      }
    } catch PictureError.noGnuplot {
      // The data are there all the same.
    }
    let rows = try String(contentsOfFile: "\(folder)/eigenvalues.csv", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows.count == 1 + report.steps.reduce(0) { $0 + $1.spectrum.eigenvalues.count })
    let unstable = rows.dropFirst().filter { $0[5] == "0.0" }
    #expect(!unstable.isEmpty && unstable.allSatisfy { (Double($0[3]) ?? 0) < -2 })
    #expect(try String(contentsOfFile: "\(folder)/steps.csv", encoding: .utf8).contains("gradient"))
  }
}

private func length(_ y: Tensor) -> Double { y.values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
