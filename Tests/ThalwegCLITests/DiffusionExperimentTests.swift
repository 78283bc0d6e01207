import Foundation
import Testing
import ThalwegTensors
import ThalwegTraining

/// `thalweg experiment signals` and `inpainting`, and what networks begin with.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct DiffusionExperimentTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "diffusion-\(UUID())").path
    try FileManager.default.createDirectory(
      atPath: "\(folder)/pictures", withIntermediateDirectories: true)
    for name in ["a", "b"] {
      let size = name == "a" ? 30.0 : 60.0
      let pixels = (0..<40 * 44).map { index in
        let (i, j) = (Double(index / 44) - 20, Double(index % 44) - 22)
        return i * i + j * j < 5 * size ? 0.8 : 0.3
      }
      try ThalwegTraining.Picture(Tensor(pixels, shape: [1, 40, 44]))
        .write(to: "\(folder)/pictures/\(name).png")
    }
  }

  private func run(_ arguments: [String]) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(["experiment"] + arguments, in: folder))
  }

  private func records(_ arguments: [String]) throws -> [JSON] {
    let outcome = try run(arguments + ["--json"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return try outcome.lines.map { try JSON(parsing: Array($0.utf8)) }
  }

  private let small = ["--updates", "3", "--batch", "2", "--filters", "2", "--size", "3"]

  private func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(path)")
  }

  @Test func `networks are trained on random signals, and drawn`() throws {
    let records = try records(
      ["signals", "--networks", "explicit,fsi,multigrid", "--fluxes", "perona-malik", "--blocks"]
        + ["2,6", "--length", "40", "--classical", "linear", "--output", "out"] + small)
    #expect(records.count == 2 + 6 && records[0]["filter"]?.text == "noisy")
    // Noise of a tenth is 20 dB.
    #expect(abs(try #require(records[0]["psnr"]?.value) - 20) < 0.5)
    #expect(try #require(records[1]["psnr"]?.value) > 22)
    #expect(records.allSatisfy { $0["ssim"] == nil && $0["experiment"]?.text == "signals" })
    for name in ["explicit-perona-malik-6", "fsi-perona-malik-2", "blocks"] {
      #expect(isThere("out/\(name).svg") && isThere("out/\(name).csv"), "\(name)")
    }
  }

  @Test func `signals come from files`() throws {
    let samples = (0..<400).map { Int16(1_000 * sin(Double($0) / 9)) }
    let bytes = samples.flatMap { sample -> [UInt8] in
      let pattern = UInt16(bitPattern: sample)
      return [7, 7, UInt8(pattern & 255), UInt8(pattern >> 8)]
    }
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/wave.i16le"))
    try Data(samples.map { "\($0)\n" }.joined().utf8)
      .write(to: URL(fileURLWithPath: "\(folder)/wave.csv"))
    let rest =
      ["--networks", "explicit", "--fluxes", "charbonnier", "--classical", "linear"]
      + ["--length", "40"] + small
    let integers = try records(
      ["signals", "wave.i16le", "--channels", "2", "--channel", "2"] + rest)
    let table = try records(["signals", "wave.csv", "--output", "out"] + rest)
    #expect(integers.map { $0["psnr"]?.value } == table.map { $0["psnr"]?.value })
    #expect(integers.count == 3)
    let again = try records(
      ["signals", "--config", "out/config.yaml", "--noise", "0.1"])
    #expect(again.map { $0["psnr"]?.value } == table.map { $0["psnr"]?.value })
    let short = try run(["signals", "wave.csv", "--length", "300"])
    #expect(short.status == 65 && short.errors.contains("at least 600"), "\(short.errors)")
  }

  @Test func `blocks may begin as those of the classical filter`() throws {
    // Updates that change nothing leave the filter as it is. Twelve explicit blocks do not reach as far
    // as that of this noise does; others of the same number do.
    let records = try records(
      ["denoising", "pictures", "--test", "a", "--classical", "charbonnier", "--coupled"]
        + ["--networks", "explicit,dff,fsi", "--fluxes", "charbonnier", "--blocks", "12"]
        + ["--shared", "--side", "16", "--rate", "1e-9", "--cycle", "6"] + small)
    let qualities = records.compactMap { $0["psnr"]?.value }
    #expect(qualities.count == 5)
    #expect(qualities.dropFirst(3).allSatisfy { $0 > qualities[0] + 8 }, "\(qualities)")
    #expect(qualities.dropFirst(3).allSatisfy { $0 > qualities[2] + 3 }, "\(qualities)")
    #expect(records[2]["weights"]?.value == 19)
    #expect(try #require(records[2]["note"]?.text).contains("dB to classical"))
  }

  @Test func `networks are trained to fill in`() throws {
    let records = try records(
      ["inpainting", "pictures/a.png", "--pictures", "pictures", "--density", "0.2"]
        + ["--evaluations", "8", "--blocks", "4", "--levels", "2", "--side", "16"]
        + ["--output", "out"] + small)
    #expect(
      records.map { $0["filter"]?.text } == [
        "explicit", "fsi", "explicit", "fsi", "explicit network", "fsi network",
        "multigrid network",
      ])
    #expect(records.allSatisfy { ($0["psnr"]?.value ?? 0) > 8 })
    #expect(isThere("out/multigrid-perona-malik-1.png") && isThere("out/fsi-linear-8.png"))
  }

  @Test(arguments: [
    (["signals", "--coupled", "--fluxes", "relu"], 64, "relu"),
    (["signals", "--noise", "0"], 64, "--noise"),
    (["signals", "none.npy"], 65, "none.npy"),
    (["signals", "pictures/a.png"], 65, ".npy, .csv"),
    (
      ["signals", "--networks", "plain"], 64, "--networks plain is not known; use one of: explicit"
    ),
    (["denoising", "pictures", "--side", "16", "--test", "c"], 65, "no image c"),
    (["denoising", "pictures", "--side", "16", "--test", "a", "--train", "a"], 65, "0 images"),
    (["inpainting", "pictures/a.png", "--networks", "dff"], 64, "--networks dff is not known"),
    (["inpainting", "pictures/a.png", "--pictures", "none"], 65, "none"),
  ])
  func `what makes no sense is said`(arguments: [String], status: Int32, word: String) throws {
    let outcome = try run(arguments + ["--updates", "1"])
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains(word), "\(outcome.errors)")
  }
}
