import Foundation
import Testing
import ThalwegTraining

@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct PredictTests {
  private let folder: RunDirectory

  init() throws {
    folder = try RunDirectory()
    let trained = TrainTool.finish(
      try TrainTool.start(
        [
          "train", "--data", "optdigits=digits", "--channels", "2", "--steps", "2", "--epochs", "1",
          "--output", "run",
        ], in: folder.path))
    #expect(trained.status == 0)
  }

  private func predict(_ arguments: String...) throws -> TrainTool.Outcome {
    TrainTool.finish(try TrainTool.start(["predict", "run"] + arguments, in: folder.path))
  }

  /// A digit of the test set as a picture.
  private func write(_ index: Int, to name: String) throws {
    try Picture(Dataset.optdigits.test.images(at: [index])[0]).write(to: "\(folder.path)/\(name)")
  }

  @Test func `a file and the same image of the data have the same probabilities`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/pictures", withIntermediateDirectories: false)
    for index in [3, 5] { try write(index, to: "pictures/\(index).png") }
    let outcome = try predict("pictures", "--index", "3", "--index", "5", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let objects = try outcome.lines.map { try JSON(parsing: Array($0.utf8)) }
    #expect(
      objects.map { $0["image"]?.text } == ["pictures/3.png", "pictures/5.png", "test 3", "test 5"])
    for (file, image) in [(0, 2), (1, 3)] {
      let (a, b) = (objects[file], objects[image])
      var sum = 0.0
      for name in (0...9).map(String.init) {
        let (p, q) = (a["probabilities"]?[name]?.value, b["probabilities"]?[name]?.value)
        // A picture has 255 shades and a digit 16.
        #expect(abs((p ?? -1) - (q ?? -2)) < 0.01)
        sum += q ?? 0
      }
      #expect(abs(sum - 1) < 1e-6)
      #expect(b["truth"]?.text == "\(Dataset.optdigits.test.classes[image == 2 ? 3 : 5])")
    }
  }

  @Test func `predictions are those of the evaluation`() throws {
    let outcome = try predict("--json", "--index", "0", "--index", "63")
    #expect(outcome.status == 0 && outcome.lines.count == 2)
    let lines = try predict("--index", "0").lines
    #expect(lines.count == 1 && lines[0].hasPrefix("test 0: ") && lines[0].contains(" %, "))
  }

  @Test func `a network is exported, and held against perturbations`() throws {
    let export = try TrainTool.run(
      "export", "run", "--output", "digits.onnx", "--batch", "2", "--json", in: folder.path)
    #expect(export.status == 0, "\(export.errors)")
    let summary = try JSON(parsing: Array(export.output.utf8.dropLast()))
    #expect(try summary["bytes"]?.wholeNumber == folder.bytes("digits.onnx").count)
    #expect((summary["nodes"]?.wholeNumber ?? 0) > 10)

    let held = try TrainTool.run(
      "robustness", "run", "--strength", "0", "--strength", "0.3", "--images", "16", "--json",
      "--no-pictures", in: folder.path)
    #expect(held.status == 0, "\(held.errors)")
    let report = try JSON(parsing: Array(held.output.utf8.dropLast()))
    guard case .array(let rows)? = report["accuracies"] else { throw JSONShape() }
    #expect(rows.map { $0["strength"]?.value } == [0, 0.3])
    #expect(rows[0]["noise"] == rows[0]["pgd"])
    #expect((rows[1]["pgd"]?.value ?? 1) <= rows[0]["pgd"]?.value ?? 0)
  }

  @Test func `of a run under way, the one before is named`() throws {
    let manager = FileManager.default
    for name in ["previous-1", "previous-2", "previous-3"] {
      try manager.createDirectory(
        atPath: "\(folder.path)/begun/\(name)", withIntermediateDirectories: true)
    }
    try manager.copyItem(
      atPath: "\(folder.path)/run/weights.safetensors",
      toPath: "\(folder.path)/begun/weights.safetensors")
    func errors() throws -> String {
      try TrainTool.run("predict", "begun", "--index", "0", in: folder.path).errors
    }
    #expect(try errors().contains("--resume begun\n"))
    // The third was not complete either.
    try manager.copyItem(
      atPath: "\(folder.path)/run/model.safetensors",
      toPath: "\(folder.path)/begun/previous-2/model.safetensors")
    #expect(try errors().contains("--resume begun; the run before is begun/previous-2\n"))
    let earlier = try TrainTool.run(
      "predict", "begun/previous-2", "--index", "0", in: folder.path)
    #expect(earlier.status == 0, "\(earlier.errors)")
  }

  @Test func `mistakes are one line and a status`() throws {
    try Picture(channels: 1, height: 4, width: 4, pixels: [UInt8](repeating: 0, count: 16))
      .write(to: folder.path + "/small.png")
    for (arguments, status, expected) in [
      (["small.png"], 65, "small.png: 4 x 4 pixels; expected 8 x 8"),
      (["none.png"], 65, "none.png"),
      (["digits"], 65, "no images"), ([], 64, "--index"), (["--index", "64"], 64, "0 to 63"),
      (["--index", "0", "--data", "optdigits=none"], 65, "none"),
    ] as [([String], Int32, String)] {
      let outcome = TrainTool.finish(
        try TrainTool.start(["predict", "run"] + arguments, in: folder.path))
      #expect(outcome.status == status && outcome.errors.contains(expected), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    let none = try TrainTool.run("predict", "digits", "a.png", in: folder.path)
    #expect(none.status == 65 && none.errors.contains("no model.safetensors"))
  }
}

/// The output has another shape than it should.
private struct JSONShape: Error {}
