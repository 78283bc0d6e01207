import Foundation
import Testing
import ThalwegTraining

/// Flags of a run that takes a second or two.
private let flags = [
  "train", "--data", "optdigits=digits", "--channels", "4", "--batch", "8", "--epochs", "60",
  "--output", "run",
]

@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct TrainResumeTests {
  private let folder: RunDirectory
  private var weights: String { "\(folder.path)/run/weights.safetensors" }

  init() throws { folder = try RunDirectory(digits: 120) }

  /// Waits until the first weights are there.
  private func waitForWeights() throws {
    for _ in 0..<2000 where !FileManager.default.fileExists(atPath: weights) { usleep(5000) }
    try #require(FileManager.default.fileExists(atPath: weights))
  }

  @Test func `an interrupted run is resumed and ends like another`() throws {
    let started = try TrainTool.start(flags, in: folder.path)
    try waitForWeights()
    usleep(300_000)
    started.0.interrupt()
    let stopped = TrainTool.finish(started)
    #expect(stopped.status == 130, "the run was over before it was interrupted")
    #expect(stopped.output.contains("thalweg train --resume run"))
    #expect(stopped.errors.isEmpty, "\(stopped.errors)")
    let progress = try Checkpoint(contentsOf: weights).progress
    #expect(progress.updates > 0 && progress.epoch < 60)

    let resumed = try TrainTool.run("train", "--resume", "run", in: folder.path)
    #expect(resumed.status == 0)
    let log = String(decoding: try folder.bytes("run/log.csv"), as: UTF8.self)
    #expect(
      log.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[0] }
        == (1...60).map { "\($0)" })

    _ = TrainTool.finish(try TrainTool.start(flags.dropLast() + ["other"], in: folder.path))
    #expect(
      try folder.bytes("run/weights.safetensors") == folder.bytes("other/weights.safetensors"))
  }

  @Test func `a run that is killed ten times ends like one that is not`() throws {
    let flags = flags + ["--validation", "0.2", "--optimizer", "sgd", "--schedule", "step:30=0.2"]
    var updates: Set<Int> = []
    let pauses = (0..<10).map { _ in UInt32.random(in: 20_000...220_000) }
    for (round, pause) in pauses.enumerated() {
      let started = try TrainTool.start(
        round == 0 ? flags : ["train", "--resume", "run"], in: folder.path)
      try waitForWeights()
      // On a busy machine it may take longer until anything is saved.
      usleep(round > 2 && updates.count == 1 ? 10 * pause : pause)
      kill(started.0.processIdentifier, SIGKILL)
      _ = TrainTool.finish(started)
      updates.insert(try Checkpoint(contentsOf: weights).progress.updates)
    }
    #expect(updates.count > 1, "no round got as far as to save: \(pauses)")
    #expect(try TrainTool.run("train", "--resume", "run", in: folder.path).status == 0)

    _ = TrainTool.finish(
      try TrainTool.start(flags.map { $0 == "run" ? "other" : $0 }, in: folder.path))
    for name in ["weights.safetensors", "model.safetensors", "config.yaml"] {
      #expect(try folder.bytes("run/\(name)") == folder.bytes("other/\(name)"), "\(pauses)")
    }
    // What epochs came to is the same too, apart from the time they took.
    func epochs(_ run: String) throws -> [[Substring]] {
      String(decoding: try folder.bytes("\(run)/log.csv"), as: UTF8.self).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).dropLast(2) }.map(
          Array.init)
    }
    #expect(try epochs("run") == epochs("other") && epochs("run").count == 61)
    #expect(
      try folder.bytes("run/\(TrainingLog.fileNames[1])").count
        == folder.bytes("other/\(TrainingLog.fileNames[1])").count)
  }

  @Test func `two runs do not write to one folder`() throws {
    let started = try TrainTool.start(flags, in: folder.path)
    try waitForWeights()
    let second = try TrainTool.run("train", "--resume", "run", in: folder.path)
    #expect(second.status == 73 && second.errors.contains("run: another run is at work"))
    started.0.interrupt()
    _ = TrainTool.finish(started)
    #expect(
      try TrainTool.run("train", "--resume", "run", "--epochs", "60", in: folder.path).status == 0)
  }

  @Test func `a run can be prolonged and not changed`() throws {
    _ = TrainTool.finish(
      try TrainTool.start(
        [
          "train", "--data", "optdigits=digits", "--channels", "2", "--epochs", "1", "--output",
          "run",
        ],
        in: folder.path))
    let changed = try TrainTool.run(
      "train", "--resume", "run", "--channels", "4", in: folder.path)
    #expect(changed.status == 64 && changed.errors.contains("--channels is 2 in this run"))
    let prolonged = try TrainTool.run(
      "train", "--resume", "run", "--epochs", "2", "--channels", "2", in: folder.path)
    #expect(prolonged.status == 0)
    #expect(try Checkpoint(contentsOf: weights).progress.epoch == 2)
    let shortened = try TrainTool.run("train", "--resume", "run", "--epochs", "1", in: folder.path)
    #expect(shortened.status == 64 && shortened.errors.contains("less than the 2"))
  }

  @Test func `damaged weights are an error`() throws {
    _ = TrainTool.finish(
      try TrainTool.start(
        [
          "train", "--data", "optdigits=digits", "--channels", "2", "--epochs", "1", "--output",
          "run",
        ],
        in: folder.path))
    let good = try folder.bytes("run/weights.safetensors")
    let other = Array("\(String(decoding: good.prefix(5000), as: UTF8.self))".utf8)
    for bytes in [Array(good.dropLast()), Array(good.prefix(20)), [], other] {
      try Data(bytes).write(to: URL(fileURLWithPath: weights))
      let outcome = try TrainTool.run("train", "--resume", "run", in: folder.path)
      #expect(outcome.status == 65 && outcome.errors.contains("run/weights.safetensors"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }
}
