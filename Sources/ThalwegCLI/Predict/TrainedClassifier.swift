import Foundation
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// A network from the folder of a run, ready for use.
struct TrainedClassifier {
  let file: ClassifierFile
  let settings: TrainSettings
  let network: ChosenNetwork
  private let apply: CompiledFunction<Tensor, ChosenNetwork, Tensor>

  /// Reads the folder of a run, or the file of a network from one.
  ///
  /// `data` says where the data are now, if they have moved; `adjoint` how gradients are computed, if
  /// not as in training.
  init(_ path: String, data: String? = nil, adjoint: AdjointName? = nil) throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isThere else {
      throw DataError(path, found: "nothing", expected: "the folder of a run of thalweg train")
    }
    let folder = RunFolder(path)
    if isFolder.boolValue, !FileManager.default.fileExists(atPath: folder.model) {
      guard FileManager.default.fileExists(atPath: folder.weights) else {
        throw DataError(path, found: "no model.safetensors", expected: "the folder of a run")
      }
      let earlier = folder.earlierModel.map { "; the run before is \($0)" } ?? ""
      throw DataError(
        path, found: "a run that is not finished",
        expected: "a trained network; go on with: thalweg train --resume \(path)\(earlier)")
    }
    let source = isFolder.boolValue ? folder.model : path
    file = try ClassifierFile(contentsOf: source)
    var settings = try TrainSettings(parsing: file.note, path: source)
    if let data { settings.data = data }
    if let adjoint { settings.adjoint = adjoint }
    self.settings = settings
    network = try file.model(
      like: settings.makeNetwork(images: file.imageShape, classes: file.classNames.count))
    apply = compile { (network: ChosenNetwork, images: Tensor) in network(images) }
  }

  /// The size of images, as people say it.
  var sizeInWords: String {
    "\(file.imageShape[2]) x \(file.imageShape[1]), as the images of the training"
  }

  /// What an image is taken for.
  func predict(_ image: Tensor) throws -> Prediction {
    Prediction(names: file.classNames, outputs: try apply(network, image).values)
  }

  /// The test images of the run's data.
  func testImages() throws -> Dataset {
    let test = try settings.loadData().test
    guard test.imageShape == file.imageShape.dimensions, test.classNames == file.classNames else {
      throw DataError(
        settings.data, found: "other images or classes", expected: "the data of the training")
    }
    return test
  }
}
