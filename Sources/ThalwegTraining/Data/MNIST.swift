import ThalwegKernels

extension Dataset {
  /// Data in the format of MNIST in a folder: Fashion-MNIST, MNIST and their kin.
  ///
  /// The folder holds `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, and the same two
  /// that begin with `t10k` or another `t...k`; each may be compressed and then ends in `.gz`.
  ///
  /// - Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST", 2017, arXiv:1708.07747; the format
  ///   is that of Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", 1998.
  public static func mnist(in folder: String, name: String) throws(DataError) -> DataSplit {
    DataSplit(
      name: name,
      training: try mnist(in: folder, "train-") { $0 == "train-" },
      test: try mnist(in: folder, "t10k-") { $0.first == "t" && $0.hasSuffix("k-") })
  }

  private static func mnist(
    in folder: String, _ usual: String, isPart: (Substring) -> Bool
  ) throws(DataError) -> Dataset {
    func path(_ ending: String) throws(DataError) -> String {
      try findFile(in: folder, named: usual + ending) { name in
        [ending, ending + ".gz"].contains { name.hasSuffix($0) && isPart(name.dropLast($0.count)) }
      }
    }
    return try mnist(images: path("images-idx3-ubyte"), labels: path("labels-idx1-ubyte"))
  }

  /// Data from a file of images and one of labels.
  public static func mnist(images: String, labels: String) throws(DataError) -> Dataset {
    let pictures = try IDXFile(contentsOf: images, rank: 3)
    let classes = try IDXFile(contentsOf: labels, rank: 1)
    guard pictures.lengths[0] == classes.lengths[0] else {
      throw DataError(
        labels, at: .byte(4), found: "\(classes.lengths[0]) labels",
        expected: "\(pictures.lengths[0]), one for each image of \(images)")
    }
    guard pictures.lengths.allSatisfy({ $0 > 0 }) else {
      throw DataError(
        images, at: .byte(4), found: "lengths \(pictures.lengths)", expected: "none of them 0")
    }
    if let index = classes.values.firstIndex(where: { $0 > 9 }) {
      throw DataError(
        labels, at: .byte(8 + index), found: "label \(classes.values[index])",
        expected: "a class from 0 to 9")
    }
    return Dataset(
      pixels: pictures.values, classes: classes.values, height: pictures.lengths[1],
      width: pictures.lengths[2], classCount: 10)
  }
}
