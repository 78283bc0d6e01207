import Foundation
import Testing
import ThalwegTestSupport
import ThalwegTraining

/// What is left where a run is killed while it writes its weights.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct KillTests {
  private let folder: RunDirectory
  /// Few images and many weights, so that much of the time goes into saving.
  private let flags = [
    "train", "--data", "optdigits=digits", "--channels", "48", "--steps", "8", "--batch", "8",
    "--integrator", "euler", "--schedule", "constant",
  ]

  init() throws { folder = try RunDirectory(digits: 8) }

  /// Waits for a file that is being written, and kills the run a moment later.
  private func killWhileSaving(_ arguments: [String], after pause: UInt32) throws {
    let started = try TrainTool.start(arguments, in: folder.path)
    let partial = "\(folder.path)/run/weights.safetensors.partial"
    // What an earlier run left is written anew by this one, from nothing.
    try? FileManager.default.removeItem(atPath: partial)
    let patience = ContinuousClock.now + .seconds(60)
    while access(partial, F_OK) != 0, started.0.isRunning, ContinuousClock.now < patience {
      usleep(50)
    }
    usleep(pause)
    kill(started.0.processIdentifier, SIGKILL)
    _ = TrainTool.finish(started)
  }

  @Test func `a hundred kills while saving lose nothing that was saved`() throws {
    let weights = "\(folder.path)/run/weights.safetensors"
    var (updates, cutShort) = (0, 0)
    var random = SplitMix64(seed: 11)
    // In microseconds; it follows the time that saving takes on this machine at this moment.
    var longest = 3000.0
    for round in 0..<100 {
      let pause = UInt32(Double.random(in: 0...longest, using: &random))
      let isNew = !FileManager.default.fileExists(atPath: weights)
      let arguments = isNew ? flags + ["--output", "run"] : ["train", "--resume", "run"]
      try killWhileSaving(arguments + ["--epochs", "100000"], after: pause)
      let isCutShort = access("\(weights).partial", F_OK) == 0
      if isCutShort { cutShort += 1 }
      longest = Swift.min(Swift.max(100, longest * (isCutShort ? 1.2 : 0.8)), 1e6)
      guard FileManager.default.fileExists(atPath: weights) else { continue }
      let progress = try Checkpoint(contentsOf: weights).progress
      #expect(progress.updates >= updates, "round \(round)")
      updates = progress.updates
    }
    #expect(cutShort > 20 && updates > 0, "\(cutShort) files were cut short")

    let all = ["--epochs", "\(updates + 2)"]
    for arguments in [["train", "--resume", "run"], flags + ["--output", "other"]] {
      let outcome = TrainTool.finish(try TrainTool.start(arguments + all, in: folder.path))
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(
      try folder.bytes("run/weights.safetensors") == folder.bytes("other/weights.safetensors"))
  }
}
