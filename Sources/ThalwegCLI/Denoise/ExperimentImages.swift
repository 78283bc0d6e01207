import Foundation
import ThalwegTensors
import ThalwegTraining

/// The images of an experiment, in grey.
struct ExperimentImages {
  /// Those that networks are trained on, `[height, width]`.
  let training: [Tensor]
  /// Those that filters are judged by.
  let test: [(name: String, image: Tensor)]

  /// Reads the PNG and JPEG files of a folder; those named are for the test, and the others for training.
  init(folder: String, test names: [String], smallest: Int) throws {
    let files: [String]
    do {
      files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw DataError(folder, found: error.localizedDescription, expected: "a folder of images")
    }
    var (training, test) = ([Tensor](), [(name: String, image: Tensor)]())
    for file in files
    where ["png", "jpg", "jpeg"].contains((file as NSString).pathExtension.lowercased()) {
      let path = "\(folder)/\(file)"
      let image = mean(try ThalwegTraining.Picture(contentsOf: path).tensor, over: [0])
      guard image.shape[0] >= smallest, image.shape[1] >= smallest else {
        throw DataError(
          path, found: "\(image.shape[1]) × \(image.shape[0]) pixels",
          expected: "at least \(smallest) × \(smallest)")
      }
      let name = (file as NSString).deletingPathExtension
      if names.contains(name) { test.append((name, image)) } else { training.append(image) }
    }
    let missing = names.filter { name in !test.contains { $0.name == name } }
    guard missing.isEmpty else {
      throw DataError(
        folder, found: "no image \(missing.joined(separator: ", "))",
        expected: "those of --test; there are \(files.joined(separator: ", "))")
    }
    guard !training.isEmpty, !test.isEmpty else {
      throw DataError(
        folder, found: "\(training.count) images for training and \(test.count) for the test",
        expected: "some of both")
    }
    (self.training, self.test) = (training, test)
  }
}
