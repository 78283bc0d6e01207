import ArgumentParser
import ThalwegKernels
import ThalwegNetworks
import ThalwegTensors
import ThalwegTraining

/// `thalweg export`: a trained network as a file for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a trained network as an ONNX file, which other programs run.",
    discussion: """
      The steps of the flows stand one after the other, as convolutions and other operators of ONNX, \
      version 17. The input, called 'input', has the shape [batch, channels, height, width]; its \
      numbers are pixels from 0 to 1, or images of mean 0 and deviation 1 where the metadata \
      'standardized' are 'true'. The result, 'output', has a number for each class, of which softmax \
      makes probabilities.

      EXAMPLES
        thalweg export runs/optdigits-hamiltonian
        thalweg export runs/cifar10-hamiltonian --output cifar.onnx --batch 32
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of thalweg train, or a model.safetensors from one.", valueName: "run"),
    completion: .directory)
  var subject: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The file to write. (default: model.onnx in the folder)", valueName: "file"))
  var output: String?

  @Option(help: "How many images the file takes at once.")
  var batch = 1

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try FlagRange.check("--batch", batch, 1...65536)
  }

  func run() throws {
    let classifier = try TrainedClassifier(subject)
    let file = classifier.file
    let path = output ?? "\(subject)/model.onnx"
    let model = try ONNXModel(
      of: classifier.network, on: Shape([batch] + file.imageShape.dimensions),
      metadata: [
        "standardized": "\(file.isStandardized)",
        "classes": "\(JSON.array(file.classNames.map { .string($0) }))",
      ]
    ) { network, images in network(images) }
    try writeAtomically(model.bytes, to: path)
    let summary = JSON.object([
      "result": .string("export"), "file": .string(path), "bytes": .integer(model.bytes.count),
      "nodes": .integer(model.operators.count),
    ])
    print(json ? "\(summary)" : "\(model.operators.count) nodes in \(path)")
  }
}
