extension Dataset {
  /// CIFAR-10 in its binary format: colour images of 32 × 32 pixels in 10 classes.
  ///
  /// The folder holds `data_batch_1.bin` to `data_batch_5.bin`, or some of them, and
  /// `test_batch.bin`; each may be compressed and then ends in `.gz`. Where there is no
  /// `test_batch.bin`, a file whose name begins with `test` is taken.
  ///
  ///     let data = try Dataset.cifar10(in: "cifar-10-batches-bin")
  ///     data.training.count   // 50,000
  ///
  /// - Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", technical
  ///   report, University of Toronto, 2009.
  public static func cifar10(in folder: String) throws(DataError) -> DataSplit {
    let layout = RecordFile.Layout(labels: [10], wanted: 0, pixels: 3 * 32 * 32)
    let training = try recordFiles(in: folder, "data_batch_1.bin") { $0.hasPrefix("data_batch_") }
    let test = try recordFiles(in: folder, "test_batch.bin") { $0.hasPrefix("test") }
    let names = try namesIfThere("\(folder)/batches.meta.txt", count: 10)
    return DataSplit(
      name: "cifar10", training: try cifar(training, layout, names),
      test: try cifar(Array(test.prefix(1)), layout, names))
  }

  /// CIFAR-100 in its binary format: colour images of 32 × 32 pixels in 100 classes, or 20 coarse.
  ///
  /// The folder holds `train.bin` and `test.bin`; each may be compressed and then ends in `.gz`.
  ///
  /// - Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", technical
  ///   report, University of Toronto, 2009.
  public static func cifar100(
    in folder: String, coarse: Bool = false
  ) throws(DataError) -> DataSplit {
    let layout = RecordFile.Layout(
      labels: [20, 100], wanted: coarse ? 0 : 1, pixels: 3 * 32 * 32)
    let training = try recordFiles(in: folder, "train.bin") { $0.hasPrefix("train") }
    let test = try recordFiles(in: folder, "test.bin") { $0.hasPrefix("test") }
    let kind = coarse ? "coarse" : "fine"
    let names = try namesIfThere(
      "\(folder)/\(kind)_label_names.txt", count: layout.labels[layout.wanted])
    return DataSplit(
      name: "cifar100", training: try cifar(Array(training.prefix(1)), layout, names),
      test: try cifar(Array(test.prefix(1)), layout, names))
  }

  private static func cifar(
    _ paths: [String], _ layout: RecordFile.Layout, _ names: [String]?
  ) throws(DataError) -> Dataset {
    let records = try RecordFile(contentsOf: paths, layout)
    return Dataset(
      pixels: records.pixels, classes: records.classes, channels: 3, height: 32, width: 32,
      classCount: layout.labels[layout.wanted], classNames: names)
  }

  /// The paths of the files of a kind, the usual names before others.
  private static func recordFiles(
    in folder: String, _ usual: String, where isWanted: (String) -> Bool
  ) throws(DataError) -> [String] {
    let names = try namesInFolder(folder).filter { name in
      isWanted(name) && (name.hasSuffix(".bin") || name.hasSuffix(".bin.gz"))
    }
    guard !names.isEmpty else {
      throw DataError(folder, found: "no file \(usual)", expected: "it to be in this folder")
    }
    let sorted = names.filter { $0.hasPrefix(usual) } + names.filter { !$0.hasPrefix(usual) }
    // A file and its compressed copy are the same images.
    var seen: Set<String> = []
    return sorted.filter { name in
      seen.insert(name.hasSuffix(".gz") ? String(name.dropLast(3)) : name).inserted
    }.map { "\(folder)/\($0)" }
  }
}

/// The names of classes, nil where there is no such file.
func namesIfThere(_ path: String, count: Int) throws(DataError) -> [String]? {
  isFile(path) ? try classNames(path, count: count) : nil
}
