import Foundation
import ThalwegDiffusion
import ThalwegTensors
import ThalwegTraining

/// The images of an experiment, in grey.
struct ExperimentImages {
  /// Those that networks are trained on, `[height, width]`.
  let training: [Tensor]
  /// Those that filters are judged by.
  let test: [(name: String, image: Tensor)]

  /// Reads the PNG and JPEG files of a folder; those not named for the test are for training, unless
  /// others are.
  init(folder: String, test names: [String], training others: [String]?, smallest: Int) throws {
    let all = try Self.read(folder, smallest: smallest)
    let missing = (names + (others ?? [])).filter { name in !all.contains { $0.name == name } }
    guard missing.isEmpty else {
      throw DataError(
        folder, found: "no image \(missing.joined(separator: ", "))",
        expected: "those of --test and --train; there are "
          + all.map(\.name).joined(separator: ", "))
    }
    test = all.filter { names.contains($0.name) }
    training = all.filter { !names.contains($0.name) && others?.contains($0.name) ?? true }
      .map(\.image)
    guard !training.isEmpty, !test.isEmpty else {
      throw DataError(
        folder, found: "\(training.count) images for training and \(test.count) for the test",
        expected: "some of both")
    }
  }

  /// The images of a folder, `[height, width]`, but for one with the name of a file.
  static func training(in folder: String, without path: String, smallest: Int) throws -> [Tensor] {
    let own = (((path as NSString).lastPathComponent) as NSString).deletingPathExtension
    let images = try read(folder, smallest: smallest).filter { $0.name != own }.map(\.image)
    guard !images.isEmpty else {
      throw DataError(folder, found: "no images but \(own)", expected: "some to train on")
    }
    return images
  }

  private static func read(
    _ folder: String, smallest: Int
  ) throws -> [(name: String, image: Tensor)] {
    let files: [String]
    do {
      files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw DataError(
        folder, found: "no folder that can be read", expected: "a folder of PNG or JPEG images")
    }
    let pictures = files.filter {
      ["png", "jpg", "jpeg"].contains(($0 as NSString).pathExtension.lowercased())
    }
    return try pictures.map { file in
      let path = "\(folder)/\(file)"
      let image = mean(try ThalwegTraining.Picture(contentsOf: path).tensor, over: [0])
      guard image.shape[0] >= smallest, image.shape[1] >= smallest else {
        throw DataError(
          path, found: "\(image.shape[1]) × \(image.shape[0]) pixels",
          expected: "at least \(smallest) × \(smallest)")
      }
      return ((file as NSString).deletingPathExtension, image)
    }
  }

  /// The mean quality of what became of the test images.
  func quality(of results: [Tensor]) -> (psnr: Double, ssim: Double) {
    let qualities = zip(results, test).map { ImageQuality(of: $0, comparedWith: $1.image) }
    let count = Double(qualities.count)
    return (
      qualities.map(\.psnr).reduce(0, +) / count, qualities.map(\.ssim).reduce(0, +) / count
    )
  }
}
