import Foundation
import Testing
import ThalwegTestSupport
import ThalwegTraining

/// Flags of a run of a second.
private let flags =
  "train --data optdigits=digits --channels 2 --steps 2 --batch 16 --epochs 2 --output run"

@Suite(.serialized, .enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct FaultTests {
  private let folder: RunDirectory

  init() throws { folder = try RunDirectory() }

  /// Runs the tool by a line of a shell, in which it is called thalweg.
  private func shell(_ line: String) throws -> TrainTool.Outcome {
    let tool = try #require(TrainTool.path)
    return TrainTool.finish(
      try TrainTool.start(
        program: "/bin/sh", ["-c", "thalweg() { timeout -s KILL 60 '\(tool)' \"$@\"; }; \(line)"],
        in: folder.path))
  }

  /// Expects one line about what is wrong, and a status that says the kind.
  private func expectFailure(
    _ outcome: TrainTool.Outcome, _ status: Int32, _ words: String,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(
      outcome.status == status && outcome.errors.contains(words)
        && outcome.errors.split(separator: "\n").count == 1,
      "\(outcome.status): \(outcome.errors)", sourceLocation: location)
  }

  @Test(.whereFilesCanBeLimited) func `a full disk is an error, and what was there stays`() throws {
    #expect(try shell("thalweg \(flags)").status == 0)
    let before = try folder.bytes("run/weights.safetensors")
    // Files may grow to 1 or 2 KiB, which config.yaml and the log do not fill.
    let outcome = try shell("ulimit -f 2; thalweg train --resume run --epochs 3")
    expectFailure(outcome, 73, "run/weights.safetensors: it cannot be written")
    #expect(try folder.bytes("run/weights.safetensors") == before)
    #expect(try shell("thalweg train --resume run --epochs 3").status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/run")
    #expect(!names.contains { $0.hasSuffix(".partial") })
  }

  @Test(arguments: [
    "check --filter 'order conditions'", "solve lotka-volterra --json", "doctor", flags,
  ])
  func `a result that is lost is an error`(line: String) throws {
    expectFailure(try shell("thalweg \(line) > /dev/full"), 74, "cannot be written")
  }

  @Test(arguments: ["/proc/run", "/dev/null/run", "/sys/run"])
  func `a folder that cannot be written is an error`(output: String) throws {
    expectFailure(try shell("thalweg \(flags) --output \(output)"), 73, output)
  }

  @Test func `a folder that is read-only is an error`() throws {
    let outcome = try shell("mkdir run; chmod 555 run; thalweg \(flags); chmod 755 run")
    // Permissions do not bind the administrator.
    if getuid() != 0 { #expect(outcome.errors.contains("run") && outcome.output.isEmpty) }
  }

  @Test func `data that change under a run do not change it`() throws {
    #expect(try shell("thalweg \(flags) --output plain").status == 0)
    let started = try TrainTool.start(flags.split(separator: " ").map(String.init), in: folder.path)
    let weights = "\(folder.path)/run/weights.safetensors"
    for _ in 0..<2000 where !FileManager.default.fileExists(atPath: weights) { usleep(2000) }
    try Data("1,2".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/digits/optdigits.tra"))
    #expect(TrainTool.finish(started).status == 0)
    #expect(
      try folder.bytes("run/weights.safetensors") == folder.bytes("plain/weights.safetensors"))
    expectFailure(
      try shell("thalweg train --resume run --epochs 3"), 65, "optdigits.tra, line 1: 2 values")
  }

  @Test func `no data are an error`() throws {
    try Data().write(to: URL(fileURLWithPath: "\(folder.path)/digits/optdigits.tes"))
    expectFailure(try shell("thalweg \(flags)"), 65, "optdigits.tes: no examples")
  }

  @Test func `a network larger than any machine is refused at once`() throws {
    expectFailure(
      try shell("thalweg \(flags) --steps 1000000 --channels 1024"), 64, "GiB for weights")
  }

  @Test(arguments: ["nan", "inf", "-1e999", "1e400", "0", "x"])
  func `numbers out of range are refused`(number: String) throws {
    for flag in ["learning-rate", "epochs", "clip", "threads"] {
      let outcome = try shell("thalweg \(flags) --\(flag)=\(number)")
      expectFailure(outcome, 64, "thalweg: error:")
    }
  }

  @Test(.whereMemoryCanBeLimited) func `a limit on memory is said and not waited at`() throws {
    expectFailure(
      try shell("ulimit -v 400000; thalweg \(flags) --threads 2"), 64, "a limit on memory")
  }

  @Test func `configurations that are damaged are refused`() throws {
    #expect(try shell("thalweg \(flags)").status == 0)
    let good = try folder.bytes("run/config.yaml")
    var random = SplitMix64(seed: 3)
    for round in 0..<24 {
      var bytes = good
      for _ in 0...(round % 3) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes.replaceSubrange(
          place..<min(place + round % 5, bytes.count),
          with: ["9999999999", "[[[[", "-1", "\u{0}", "null", "1e308"][round % 6].utf8)
      }
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/damaged.yaml"))
      // There are no data, so that a configuration that happens to be right ends too.
      let outcome = try shell("thalweg train --config damaged.yaml --data optdigits=none")
      #expect([64, 65].contains(outcome.status), "\(round): \(outcome)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(round): \(outcome)")
    }
  }

  @Test func `a run that is interrupted again and again goes on`() throws {
    let long = flags.replacing("--epochs 2", with: "--epochs 400")
    let weights = "\(folder.path)/run/weights.safetensors"
    for round in 0..<6 {
      let line = round == 0 ? long : "train --resume run"
      let started = try TrainTool.start(
        line.split(separator: " ").map(String.init), in: folder.path)
      for _ in 0..<2000 where !FileManager.default.fileExists(atPath: weights) { usleep(2000) }
      usleep(.random(in: 100_000...250_000))
      started.0.interrupt()
      let outcome = TrainTool.finish(started)
      #expect([0, 130, 2].contains(outcome.status), "\(outcome)")
      _ = try Checkpoint(contentsOf: weights)
    }
  }
}
