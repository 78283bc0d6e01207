import Foundation
import Testing
import ThalwegTraining

/// The workloads of the comparisons, in their shortest form.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"), .serialized)
struct BenchTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private let folder = FileManager.default.temporaryDirectory.path

  private func bench(_ arguments: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(["bench"] + arguments, in: folder))
  }

  private func records(_ workload: String, _ filter: String) throws -> [JSON] {
    let outcome = try bench(workload, "--quick", "--json", "--filter", filter)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return try outcome.lines.map { try JSON(parsing: Array($0.utf8)) }
  }

  private func reference(_ workload: String) throws -> JSON {
    let file = Self.root.appending(path: "Benchmarks/reference/\(workload).json")
    return try JSON(parsing: Array(try Data(contentsOf: file)))
  }

  private func number(_ record: JSON, _ name: String) throws -> Double {
    try #require(record[name]?.value, "\(name) of \(record)")
  }

  /// What every timing says of itself.
  private func expectTiming(_ record: JSON, _ workload: String) throws {
    #expect(record["workload"]?.text == workload && record["peer"]?.text == "thalweg")
    for name in ["config", "variant", "metric", "unit"] {
      #expect(record[name]?.text != nil, "\(name)")
    }
    #expect(try number(record, "value") > 0 && number(record, "median") > 0)
    #expect(try number(record, "bursts") >= 2 && number(record, "threads") >= 1)
    #expect(try number(record, "others") >= 0)
  }

  @Test func `the spiral has the losses and the gradient of the reference`() throws {
    let expected = try reference("w1")
    let records = try records("W1", "")
    #expect(records.map { $0["config"]?.text } == ["f32", "f64"])
    for (record, tolerance) in zip(records, [1e-6, 1e-9]) {
      try expectTiming(record, "W1")
      let (loss, first) = (try number(record, "loss"), try number(expected, "loss_first"))
      #expect(abs(loss / first - 1) < tolerance)
      let last = try number(expected, "loss_last")
      #expect(abs(try number(record, "loss_last") / last - 1) < 0.02)
      let norm = try number(record, "grad_norm")
      let size = try number(try #require(expected["gradient"]), "norm")
      #expect(abs(norm / size - 1) < 100 * tolerance)
      #expect(record["agrees"] == .boolean(true))
      #expect((record["compile_s"]?.value ?? 9) < 5)
      #expect(record["peak_rss_mib"] != nil)
    }
  }

  @Test(arguments: ["hamiltonian 32x32x32 N=4", "leapfrog 32x32x32 N=4, reversible"])
  func `blocks have the losses and gradients of the reference`(filter: String) throws {
    for record in try records("W2", filter) {
      try expectTiming(record, "W2")
      let expected = try #require(reference("w2")[record["config"]?.text ?? ""])
      #expect(abs(try number(record, "loss") / number(expected, "loss") - 1) < 1e-5)
      for (name, gradient, tolerance) in [
        ("grad_norm", "gradient", 1e-4), ("grad_input_norm", "gradient_input", 3e-3),
      ] {
        let norm = try number(try #require(expected[gradient]), "norm")
        #expect(abs(try number(record, name) / norm - 1) < tolerance, "\(name)")
      }
      #expect(record["agrees"] == .boolean(true))
      #expect(try number(record, "gigaflops") > 0 && number(record, "fraction_of_peak") > 0)
    }
  }

  @Test func `small systems have the losses and gradients of the reference`() throws {
    let records = try records("W3", "")
    #expect(records.count == 8)
    for record in records {
      try expectTiming(record, "W3")
      let config = try #require(record["config"]?.text)
      let expected = try #require(reference("w3")[config.replacing(/\ \w+$/, with: "")])
      #expect(abs(try number(record, "loss") / number(expected, "loss") - 1) < 1e-11)
      #expect(record["agrees"] == .boolean(true))
      guard config.hasSuffix("gradient") else { continue }
      let norm = try number(try #require(expected["gradient"]), "norm")
      #expect(abs(try number(record, "grad_norm") / norm - 1) < 1e-9)
    }
  }

  @Test func `lines are followed to their references`() throws {
    for record in try records("W4", "cells=128") {
      try expectTiming(record, "W4")
      #expect(record["agrees"] == .boolean(true))
      #expect(try number(record, "steps") > 10 && number(record, "evaluations") > 100)
      let isGradient = record["config"]?.text?.hasSuffix("gradient") ?? false
      guard isGradient else { continue }
      let expected = try #require(reference("w4")["cells=128"])
      #expect(abs(try number(record, "loss") / number(expected, "loss") - 1) < 1e-5)
      // A ratio of timings: that there is one is all a test may ask.
      #expect(try number(record, "times_solve").isFinite)
    }
  }

  @Test func `diffusion ends where the reference does`() throws {
    let records = try records("W6", " 100 steps")
    #expect(records.count == 4)
    for record in records {
      try expectTiming(record, "W6")
      #expect(record["unit"]?.text == "1/s" && record["agrees"] == .boolean(true))
      // A change of one pixel by a hundredth is a relative difference of 4e-5.
      #expect(try number(try #require(record["errors"]), "result") < 5e-6)
    }
  }

  @Test func `controlled steps are as accurate as their tolerance`() throws {
    for record in try records("adaptive", "lotka-volterra tsitouras5") {
      try expectTiming(record, "adaptive")
      let tolerance = try number(record, "tolerance")
      let error = try number(try #require(record["errors"]), "result")
      #expect(error > 1e-3 * tolerance && error < 1e3 * tolerance)
      // Six evaluations a step, and a few to begin with.
      let evaluations = try number(record, "evaluations") - 6 * number(record, "steps")
      #expect(evaluations >= 1 && evaluations <= 4)
    }
  }

  @Test func `the machine and the kernels are measured`() throws {
    let peaks = try records("machine", "multiply-adds f32")
    #expect(try peaks.contains { try number($0, "value") > 1 })
    let traffic = try records("machine", "triad, memory")
    #expect(traffic.count == 2)
    for (workload, filter, name) in [
      ("convolution", "16x32x32 forward, 1 thread", "fraction_of_peak"),
      ("elementwise", "relu of 1048576 floats, 1 thread", "times_copy"),
    ] {
      let record = try #require(try records(workload, filter).first)
      #expect(try number(record, name) > 0 && number(record, "threads") == 1)
    }
    #expect(try records("overhead", "").count == 3)
    let memory = try #require(try records("memory", "verlet 10 steps, reversible").first)
    #expect(try number(memory, "value") > 1)
  }

  @Test func `names are listed and tell configurations apart`() throws {
    for workload in [
      "W1", "W2", "W3", "W4", "W6", "adaptive", "machine", "convolution", "elementwise",
      "multigrid",
    ] {
      let names = try bench(workload, "--list").lines
      #expect(names.count > 1 && Set(names).count == names.count, "\(workload)")
    }
    // The name of one is part of the name of another.
    let names = try bench("W3", "--list", "--filter", "lorenz batch=1 forward, RK4").lines
    #expect(names == ["lorenz batch=1 forward, RK4"])
    #expect(try bench("W3", "--list", "--filter", "batch=1").lines.count == 8)
  }

  @Test func `wrong arguments are explained on one line`() throws {
    for (arguments, words) in [
      (["W9"], ["'W9'", "W1", "machine"]),
      (["W3", "--filter", "brusselator"], ["'brusselator'", "thalweg bench W3 --list"]),
      (["W3", "--threads", "0"], ["--threads 0"]),
    ] {
      let outcome = TrainTool.finish(try TrainTool.start(["bench"] + arguments, in: folder))
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(outcome.errors.split(separator: "\n").count == 1)
      for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
    }
  }
}
