public import ThalwegKernels
public import ThalwegNetworks
public import ThalwegTensors

/// A trained classifier of images in a safetensors file, with what it takes to use it.
///
///     try ClassifierFile(of: model, trainedOn: data.training, note: configuration)
///       .write(to: "model.safetensors")
///
///     let file = try ClassifierFile(contentsOf: "model.safetensors")
///     let model = try file.model(like: PDENetwork(configuration, images: file.imageShape, ...))
///     let logits = model(try file.images([Picture(contentsOf: "owl.png")]))
///
/// The tensors are named `model.` and their path. The metadata have the shape of images, the names of
/// classes, whether images are standardised, and a note by which the network can be built anew.
///
/// - Errors: ``CheckpointError`` where the file is no such file or does not fit the network.
public struct ClassifierFile: Sendable {
  /// The tensors and the metadata.
  public let file: Safetensors
  /// Channels, height and width of images.
  public let imageShape: Shape
  /// What each class is called.
  public let classNames: [String]
  /// Whether images are brought to mean 0 and standard deviation 1 first.
  public let isStandardized: Bool
  /// What the program that wrote it has to say, such as the configuration of the network.
  public let note: String
  /// The file it was read from.
  private let path: String

  private static let format = "thalweg-classifier-1"
  private static let prefix = "model."

  /// Creates the file of a model that is ready for use, calibrated if it needs to be.
  public init(of model: some Layer, trainedOn data: Dataset, note: String = "") {
    let list = model.leafList
    let names = list.paths.map { Self.prefix + $0 }
    (imageShape, classNames) = (Shape(data.imageShape), data.classNames)
    (isStandardized, self.note, path) = (data.isStandardized, note, "")
    file = Safetensors(
      Dictionary(uniqueKeysWithValues: zip(names, list.tensors)),
      metadata: [
        "format": Self.format, "note": note, "standardized": "\(data.isStandardized)",
        "image": data.imageShape.map { "\($0)" }.joined(separator: ","),
        "classes": "\(JSON.array(data.classNames.map { .string($0) }))",
      ])
  }

  /// Reads a file.
  public init(contentsOf path: String) throws(CheckpointError) {
    do {
      file = try Safetensors(contentsOf: path)
    } catch {
      throw .file(error)
    }
    let metadata = file.metadata
    func word<Value>(
      _ name: String, _ read: (String) -> Value?
    ) throws(CheckpointError) -> Value {
      guard let value = metadata[name].flatMap(read) else {
        throw .metadata(path: path, name: name, found: metadata[name])
      }
      return value
    }
    _ = try word("format") { $0 == Self.format ? $0 : nil }
    imageShape = try word("image") { text in
      let lengths = text.split(separator: ",").compactMap { Int($0) }
      return lengths.count == 3 && lengths.allSatisfy { (1...1 << 16).contains($0) }
        ? Shape(lengths) : nil
    }
    classNames = try word("classes") { text in
      guard case .array(let values)? = try? JSON(parsing: Array(text.utf8)) else { return nil }
      let names = values.compactMap(\.text)
      return names.count == values.count && (1...256).contains(names.count) ? names : nil
    }
    isStandardized = try word("standardized") { Bool($0) }
    note = try word("note") { $0 }
    self.path = path
  }

  /// Writes the file, in place of one of the same name once it is complete.
  public func write(to path: String) throws(FileError) { try file.write(to: path) }

  /// The model with the tensors of the file, from a new one of the same configuration.
  public func model<Model: Layer>(like new: Model) throws(CheckpointError) -> Model {
    let sample = Tensor.zeros(Shape([1] + imageShape.dimensions), dtype: .float32)
    // What normalises by batches has been frozen; the numbers do not matter here.
    let model = new.calibrated(on: sample)
    let list = model.leafList
    let names = list.paths.map { Self.prefix + $0 }
    var leaves: [Tensor] = []
    for (name, leaf) in zip(names, list.tensors) {
      guard let tensor = file.tensors[name], tensor.type == leaf.type else {
        throw .tensor(
          path: path, name: name, found: file.tensors[name].map { "\($0.type)" } ?? "nothing",
          expected: "\(leaf.type)")
      }
      leaves.append(tensor)
    }
    if let surplus = Set(file.tensors.keys).subtracting(names).min() {
      throw .tensor(path: path, name: surplus, found: "it", expected: "no such tensor")
    }
    return model.replacingLeaves(with: leaves)
  }

  /// Pictures as the model takes them, `[n, channels, height, width]`.
  ///
  /// - Errors: traps where a picture has another size; see ``fits(_:)``.
  public func images(_ pictures: [Picture]) -> Tensor {
    let shape = imageShape
    require(
      pictures.allSatisfy(fits), "classifier: a picture is not of \(shape[2]) x \(shape[1]) pixels")
    let pixels = pictures.flatMap { picture in
      (shape[0] == 3 ? picture.coloured : picture.grey).pixels
    }
    let data = Dataset(
      pixels: pixels, classes: pictures.map { _ in 0 }, channels: shape[0], height: shape[1],
      width: shape[2], classCount: 1)
    return (isStandardized ? data.standardized() : data).images
  }

  /// Whether a picture has the size of the images.
  public func fits(_ picture: Picture) -> Bool {
    picture.height == imageShape[1] && picture.width == imageShape[2]
  }
}
