import ArgumentParser
import Foundation
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// `thalweg predict`: what a trained network takes images for.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Say what a trained network takes images for, and how surely.",
    discussion: """
      Images are PNG or JPEG files, folders of them, or test images of the data the network was \
      trained on. They have the size of those; colours become grey, or grey colours, where the \
      network wants it.

      EXAMPLES
        thalweg predict runs/optdigits-hamiltonian --index 0 --index 7
        thalweg predict runs/cifar10-hamiltonian cat.png dog.jpg
        thalweg predict runs/cifar10-hamiltonian pictures --json
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of thalweg train, or a model.safetensors from one.", valueName: "run"),
    completion: .directory)
  var subject: String

  @Argument(
    help: "PNG and JPEG files, and folders of them.",
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var images: [String] = []

  @Option(help: ArgumentHelp("A test image of the data, from 0 on; may be given again."))
  var index: [Int] = []

  @Option(help: ArgumentHelp("Where the data are now, for --index.", valueName: "name[=dir]"))
  var data: String?

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "One JSON object for each image.")
  var json = false

  func validate() throws {
    guard !images.isEmpty || !index.isEmpty else {
      throw ValidationError("no images; name files or folders, or test images by --index")
    }
  }

  func run() throws {
    threads.apply()
    let classifier = try TrainedClassifier(subject, data: data)
    let subjects = try images.flatMap(Self.files)
    let pictures = try subjects.map { path in
      let picture = try ThalwegTraining.Picture(contentsOf: path)
      guard classifier.file.fits(picture) else {
        throw DataError(
          path, found: "\(picture.width) x \(picture.height) pixels",
          expected: classifier.sizeInWords)
      }
      return picture
    }
    for (path, picture) in zip(subjects, pictures) {
      try show(classifier.predict(classifier.file.images([picture])), path, truth: nil)
    }
    guard !index.isEmpty else { return }
    let test = try classifier.testImages()
    for index in index {
      guard test.classes.indices.contains(index) else {
        throw Failure.usage("--index \(index) is out of range; use 0 to \(test.count - 1)")
      }
      let truth = test.classNames[Int(test.classes[index])]
      try show(classifier.predict(test.images(at: [index])), "test \(index)", truth: truth)
    }
  }

  private func show(_ prediction: Prediction, _ name: String, truth: String?) throws {
    print(
      json ? "\(prediction.json(name, truth: truth))" : prediction.line(name, truth: truth))
  }

  /// A file, or those of a folder that are images by their names.
  private static func files(_ path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [path] }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter { name in
      ["png", "jpg", "jpeg"].contains((name as NSString).pathExtension.lowercased())
    }
    guard !names.isEmpty else {
      throw DataError(path, found: "no images", expected: "files that end in .png, .jpg or .jpeg")
    }
    return names.map { "\(path)/\($0)" }
  }
}
