import Foundation
import Testing
import ThalwegTensors
import ThalwegTraining

/// Diffusion filters on the command line.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct DenoiseTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "denoise-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // A bright disc, in grey and in colours, with sides that are odd.
    func disc(_ size: Double, _ height: Int, _ width: Int) -> [Float] {
      (0..<height * width).map { index in
        let (i, j) = (Double(index / width) - 20, Double(index % width) - 22)
        return i * i + j * j < size * size ? 0.8 : 0.3
      }
    }
    let grey = Tensor(disc(14, 41, 47), shape: [1, 41, 47])
    try ThalwegTraining.Picture(grey).write(to: "\(folder)/grey.png")
    let colours = [14, 10, 6].flatMap { disc($0, 41, 47) }
    try ThalwegTraining.Picture(Tensor(colours, shape: [3, 41, 47]))
      .write(to: "\(folder)/colour.png")
  }

  private func run(_ arguments: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(arguments, in: folder))
  }

  private func record(_ outcome: TrainTool.Outcome) throws -> JSON {
    try JSON(parsing: Array(try #require(outcome.lines.last).utf8))
  }

  @Test(arguments: ["explicit", "dff", "fsi", "fixed-point", "implicit", "multigrid"])
  func `every scheme removes noise, from grey and colour images`(scheme: String) throws {
    for image in ["grey", "colour"] {
      let outcome = try run(
        "denoise", "\(image).png", "-o", "\(scheme).png", "--noise", "25", "--scheme", scheme,
        "--json")
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      let record = try record(outcome)
      #expect(record["result"]?.text == "denoise" && record["scheme"]?.text == scheme)
      #expect(record["width"]?.value == 47 && record["height"]?.value == 41)
      let (before, after) = (record["psnr_before"]?.value, record["psnr"]?.value)
      #expect(try #require(after) > 5 + (try #require(before)), "\(outcome.output)")
      let result = try ThalwegTraining.Picture(contentsOf: "\(folder)/\(scheme).png")
      #expect(result.width == 47 && result.height == 41)
      #expect(result.channels == (image == "grey" ? 1 : 3))
    }
  }

  @Test func `what is missing is filled in`() throws {
    let mask = Tensor((0..<41 * 47).map { $0 % 5 == 0 ? 1 : 0 }, shape: [1, 41, 47])
    try ThalwegTraining.Picture(mask).write(to: "\(folder)/mask.png")
    let outcome = try run(
      "denoise", "colour.png", "-o", "whole.png", "--mask", "mask.png", "--reference",
      "colour.png", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try #require(try record(outcome)["psnr"]?.value) > 25, "\(outcome.output)")
  }

  @Test func `flags are kept beside a picture, and make it again`() throws {
    func bytes(_ name: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    let first = try run(
      "denoise", "grey.png", "-o", "kept.png", "--noise", "20", "--seed", "7", "--time", "3")
    #expect(first.status == 0, "\(first.errors)")
    let picture = try bytes("kept.png")
    try FileManager.default.removeItem(atPath: "\(folder)/kept.png")
    let same = try run("denoise", "--config", "kept.png.yaml")
    #expect(same.status == 0, "\(same.errors)")
    #expect(try bytes("kept.png") == picture)
    let other = try run("denoise", "--config", "kept.png.yaml", "-o", "other.png", "--seed", "8")
    #expect(other.status == 0, "\(other.errors)")
    #expect(try bytes("kept.png") == picture && bytes("other.png") != picture)
    #expect(try String(decoding: bytes("other.png.yaml"), as: UTF8.self).contains("time: 3"))
  }

  @Test func `a network is trained, written and used`() throws {
    let trained = try run(
      "experiment", "denoising", ".", "--test", "grey", "--updates", "3", "--side", "16",
      "--networks", "fsi,multigrid", "--fluxes", "perona-malik", "--blocks", "2", "--filters", "2",
      "--size", "3", "--output", "runs", "--json")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.lines.count == 8)
    for network in ["fsi-perona-malik-2", "multigrid-perona-malik-1"] {
      let outcome = try run(
        "denoise", "colour.png", "-o", "a.png", "--weights", "runs/\(network).safetensors", "--json"
      )
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(FileManager.default.fileExists(atPath: "\(folder)/runs/\(network)-grey.png"))
    }
  }

  @Test(arguments: [
    (
      ["grey.png", "-o", "a.png", "--scheme", "explicit", "--time", "10", "--steps", "3"], 64,
      "0.25"
    ),
    (["grey.png", "-o", "a.jpg"], 64, ".png"),
    (
      ["grey.png", "-o", "a.png", "--flux", "total-variation", "--contrast", "1e-20"], 64,
      "unstable"
    ),
    (["grey.png", "-o", "a.png", "--flux", "none"], 64, "charbonnier"),
    (["grey.png", "-o", "a.png", "--contrast", "-1"], 64, "--contrast"),
    (["none.png", "-o", "a.png"], 65, "none.png"),
    (["grey.png", "-o", "a.png", "--weights", "grey.png"], 65, "grey.png"),
    (["grey.png", "-o", "nowhere/a.png"], 73, "nowhere/a.png"),
  ])
  func `what is wrong is said`(arguments: [String], status: Int32, word: String) throws {
    let outcome = TrainTool.finish(try TrainTool.start(["denoise"] + arguments, in: folder))
    #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.contains(word), "\(outcome.errors)")
  }
}
