extension Dataset {
  /// STL-10 in its binary format: colour images of 96 × 96 pixels in 10 classes.
  ///
  /// The folder holds `train_X.bin`, `train_y.bin`, `test_X.bin` and `test_y.bin`; each may be
  /// compressed and then ends in `.gz`. Classes are 1 to 10 in the files and 0 to 9 here.
  ///
  ///     let data = try Dataset.stl10(in: "stl10_binary")
  ///     data.training.count   // 5,000
  ///
  /// - Source: A. Coates, H. Lee, A. Y. Ng, "An Analysis of Single Layer Networks in Unsupervised
  ///   Feature Learning", AISTATS 2011.
  public static func stl10(in folder: String) throws(DataError) -> DataSplit {
    let names = try namesIfThere("\(folder)/class_names.txt", count: 10)
    func part(_ name: String) throws(DataError) -> Dataset {
      try stl10(
        images: try compressible("\(name)_X.bin", in: folder),
        labels: try compressible("\(name)_y.bin", in: folder), names)
    }
    return DataSplit(name: "stl10", training: try part("train"), test: try part("test"))
  }

  /// The unlabelled images of STL-10, `unlabeled_X.bin`, which are all of one class here.
  ///
  /// - Cost: a byte of memory for each of the 27,648 samples of an image.
  public static func stl10Unlabelled(contentsOf path: String) throws(DataError) -> Dataset {
    let pixels = try stlPixels(path)
    return Dataset(
      pixels: pixels, classes: [UInt8](repeating: 0, count: pixels.count / stlBytes), channels: 3,
      height: stlSide, width: stlSide, classCount: 1, classNames: ["unlabelled"])
  }

  private static let stlSide = 96
  private static let stlBytes = 3 * stlSide * stlSide

  private static func stl10(
    images: String, labels: String, _ names: [String]?
  ) throws(DataError) -> Dataset {
    let pixels = try stlPixels(images)
    let classes = try plainBytes(labels)
    guard classes.count * stlBytes == pixels.count else {
      throw DataError(
        labels, found: "\(classes.count) labels",
        expected: "\(pixels.count / stlBytes), one for each image of \(images)")
    }
    if let index = classes.firstIndex(where: { !(1...10).contains($0) }) {
      throw DataError(
        labels, at: .byte(index), found: "label \(classes[index])",
        expected: "a class from 1 to 10")
    }
    return Dataset(
      pixels: pixels, classes: classes.map { $0 - 1 }, channels: 3, height: stlSide,
      width: stlSide, classCount: 10, classNames: names)
  }

  /// The pixels of a file, whose planes are stored column by column.
  private static func stlPixels(_ path: String) throws(DataError) -> [UInt8] {
    let bytes = try plainBytes(path, limit: 1 << 32)
    guard !bytes.isEmpty, bytes.count % stlBytes == 0 else {
      throw DataError(
        path, at: .byte(bytes.count - bytes.count % stlBytes),
        found: "\(bytes.count % stlBytes) bytes after \(bytes.count / stlBytes) images",
        expected: "images of \(stlBytes) bytes; download it again")
    }
    let (side, plane) = (stlSide, stlSide * stlSide)
    var pixels = bytes
    for start in stride(from: 0, to: bytes.count, by: plane) {
      for row in 0..<side {
        for column in 0..<side {
          pixels[start + row * side + column] = bytes[start + column * side + row]
        }
      }
    }
    return pixels
  }
}
