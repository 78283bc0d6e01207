import ArgumentParser
import Foundation
import ThalwegDiffusion
import ThalwegTensors
import ThalwegTraining

/// `thalweg denoise`: classical and trained diffusion filters for images.
struct DenoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denoise", abstract: "Remove noise from an image, or fill in what is missing.",
    discussion: """
      Grey and colour images of any size, PNG or JPEG in and PNG out. Without more
      flags the noise is estimated, and contrast and time follow from it. Contrasts
      and noise are in grey values from 0 to 255. Steps are as long as the scheme is
      proved to be stable for; longer ones are an error.

        schemes   explicit, dff (Du Fort-Frankel), fsi (cycles of extrapolated
                  steps), fixed-point, implicit (Newton-Krylov), multigrid
        fluxes    linear, charbonnier, perona-malik, exponential-perona-malik,
                  total-variation
        operators gradient, hessian, laplacian

      EXAMPLES
        thalweg denoise photo.jpg -o clean.png
        thalweg denoise photo.png -o clean.png --scheme fsi --flux charbonnier
        thalweg denoise photo.png -o clean.png --contrast 4 --time 6
        thalweg denoise camera.png -o clean.png --noise 25 --json
        thalweg denoise photo.png -o clean.png --weights fsi.safetensors
        thalweg denoise holes.png -o whole.png --mask known.png
        thalweg denoise --config clean.png.yaml -o more.png --time 9
      """)

  @Argument(help: "The image.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String

  @Option(name: .shortAndLong, help: "Where the result goes, a .png.")
  var output: String

  @OptionGroup var filter: FilterOptions

  @Option(
    help: "An image that is white where pixels are known; the others are filled in.",
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var mask: String?

  @Option(
    help: "Weights of a network that 'thalweg experiment denoising' has trained.",
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Option(help: "Add so much noise first, to see what is left of it.")
  var noise: Double?

  @Option(help: "The seed of that noise.")
  var seed: UInt64 = 1

  @Option(
    help: "The image without noise, to compare with; by default the input of --noise.",
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var reference: String?

  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard output.lowercased().hasSuffix(".png") else {
      throw ValidationError("--output '\(output)' is not the name of a .png file")
    }
    if noise != 0 { try FlagRange.check("--noise", noise, upTo: 255) }
    guard weights == nil || mask == nil else {
      throw ValidationError("--weights and --mask exclude each other")
    }
  }

  func run() throws {
    threads.apply()
    let original = try ThalwegTraining.Picture(contentsOf: image).tensor
    var input = original
    if let noise {
      input =
        input + Tensor(noise / 255)
        * .randomNormal(input.shape, key: Tensor(Double(seed)), dtype: .float32)
    }
    let clean = try reference.map { try matching(original, $0, "--reference") }
    let clock = ContinuousClock()
    let begin = clock.now
    var (result, record) = try filtered(input)
    record.seconds = (clock.now - begin) / .seconds(1)
    try ThalwegTraining.Picture(result).write(to: output)
    try FlagFile(of: self, namingOutput: true).write(to: "\(output).yaml", for: "denoise")
    record.input = image
    record.output = output
    if let truth = clean ?? (noise == nil ? nil : original) {
      record.before = ImageQuality(of: input, comparedWith: truth)
      record.after = ImageQuality(of: result, comparedWith: truth)
    }
    print(json ? try record.json : record.text)
  }

  private func filtered(_ input: Tensor) throws -> (Tensor, DenoiseRecord) {
    if let weights {
      let model = try DenoisingModel(contentsOf: weights)
      let progress = SolveProgress("denoising")
      defer { progress.finish() }
      let shape = input.shape
      let batch = input.reshaped(to: [shape[0], 1, shape[1], shape[2]])
      let result = model.network(batch).reshaped(to: shape)
      guard result.values.allSatisfy(\.isFinite) else {
        throw Failure("\(weights): the network returns numbers that are not finite", status: 65)
      }
      return (result, DenoiseRecord(network: model.specification, input))
    }
    guard let mask else { return try filter.applied(to: input, known: nil) }
    let levels = try matching(input, mask, "--mask")
    let known = (mean(levels, over: [0]) .> 0.5).to(.float32)
    let count = sum(known).scalar
    guard count > 0 else {
      throw Failure.usage("--mask \(mask): no pixel is white, so that nothing is known")
    }
    // What is to be filled in begins with the mean of what is known.
    let start = sum(known * input, over: [1, 2], keepingAxes: true) / Tensor(count)
    return try filter.applied(to: known * input + (1 - known) * start, known: known)
  }

  /// Another image of the same size.
  private func matching(_ image: Tensor, _ path: String, _ flag: String) throws -> Tensor {
    let other = try ThalwegTraining.Picture(contentsOf: path)
    guard other.height == image.shape[1], other.width == image.shape[2] else {
      throw Failure.usage(
        "\(flag) \(path): \(other.width) × \(other.height) pixels, not"
          + " \(image.shape[2]) × \(image.shape[1]) as the image")
    }
    let tensor = image.shape[0] == 3 ? other.coloured.tensor : other.tensor
    return tensor.shape[0] == image.shape[0]
      ? tensor : mean(tensor, over: [0], keepingAxes: true)
  }
}
