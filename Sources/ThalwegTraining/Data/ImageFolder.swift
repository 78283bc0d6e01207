import Foundation

extension Dataset {
  /// PNG and JPEG files in a folder for each class, within a folder each for training and test.
  ///
  ///     birds/train/owl/1.png    birds/train/wren/1.jpg   ...
  ///     birds/test/owl/7.png     birds/test/wren/9.jpg    ...
  ///
  ///     let data = try Dataset.folder("birds")
  ///     data.training.classNames   // ["owl", "wren"]
  ///
  /// Classes are numbered in alphabetic order. All images are of one size. They are grey where all
  /// of them are, and of three channels otherwise. Names that begin with a dot are left out.
  public static func folder(_ path: String) throws(DataError) -> DataSplit {
    let training = try ImageFolder("\(path)/train", classes: nil)
    let test = try ImageFolder("\(path)/test", classes: training.classes)
    if let (first, other) = training.firstDifference(from: test) {
      throw DataError(
        other.path, found: other.image.sizeInWords,
        expected: "\(first.image.sizeInWords), as in \(first.path)")
    }
    let isColoured = training.isColoured || test.isColoured
    let name = URL(fileURLWithPath: path).lastPathComponent
    return DataSplit(
      name: name, training: training.dataset(isColoured: isColoured),
      test: test.dataset(isColoured: isColoured))
  }
}

/// The images in the folders of a folder.
private struct ImageFolder {
  struct Example {
    var path: String
    var label: UInt8
    var image: Picture
  }

  let classes: [String]
  private(set) var examples: [Example] = []

  init(_ path: String, classes known: [String]?) throws(DataError) {
    let found = try namesInFolder(path).filter { !$0.hasPrefix(".") && isFolder("\(path)/\($0)") }
    classes = known ?? found
    guard (1...256).contains(classes.count) else {
      throw DataError(
        path, found: "\(classes.count) folders", expected: "1 to 256, one for each class")
    }
    if let other = found.first(where: { !classes.contains($0) }) {
      throw DataError(
        "\(path)/\(other)", found: "a class without images to train on",
        expected: "one of: \(classes.prefix(10).joined(separator: ", "))")
    }
    for (label, name) in classes.enumerated() where found.contains(name) {
      try append("\(path)/\(name)", UInt8(label))
    }
    guard !examples.isEmpty else {
      throw DataError(path, found: "no images", expected: "PNG or JPEG files in its folders")
    }
  }

  private mutating func append(_ folder: String, _ label: UInt8) throws(DataError) {
    for name in try namesInFolder(folder) where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      let example = Example(path: path, label: label, image: try Picture(contentsOf: path))
      if let first = examples.first, !first.image.isOfSize(of: example.image) {
        throw DataError(
          path, found: example.image.sizeInWords,
          expected: "\(first.image.sizeInWords), as in \(first.path)")
      }
      examples.append(example)
    }
  }

  var isColoured: Bool { examples.contains { $0.image.channels == 3 } }

  func firstDifference(from other: ImageFolder) -> (Example, Example)? {
    let (mine, its) = (examples[0], other.examples[0])
    return mine.image.isOfSize(of: its.image) ? nil : (mine, its)
  }

  func dataset(isColoured: Bool) -> Dataset {
    let images = examples.map { isColoured ? $0.image.coloured : $0.image }
    return Dataset(
      pixels: images.flatMap(\.pixels), classes: examples.map(\.label),
      channels: isColoured ? 3 : 1, height: images[0].height, width: images[0].width,
      classCount: classes.count, classNames: classes)
  }
}

extension Picture {
  fileprivate var sizeInWords: String { "\(width) x \(height) pixels" }

  fileprivate func isOfSize(of other: Picture) -> Bool {
    width == other.width && height == other.height
  }
}
