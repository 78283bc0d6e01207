import Testing
import ThalwegTestSupport
import ThalwegTraining

/// The samples of an image of some channels and side, each different from its neighbours.
private func image(_ number: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 251 + number * 31) }
}

private func expectError(
  _ expected: String, from body: () throws -> Void, _ location: SourceLocation = #_sourceLocation
) {
  do {
    try body()
    Issue.record("no error", sourceLocation: location)
  } catch {
    #expect("\(error)".contains(expected), sourceLocation: location)
  }
}

@Suite struct CIFARTests {
  @Test func `batches follow one another, and the label comes first`() throws {
    let folder = try TemporaryFolder()
    try folder.write([3] + image(0, 3072) + [9] + image(1, 3072), to: "data_batch_1.bin")
    try folder.write([0] + image(2, 3072), to: "data_batch_2.bin")
    try folder.write([5] + image(3, 3072), to: "test_batch.bin")
    let names = (0..<10).map { "class \($0)" }
    try folder.write((names.joined(separator: "\n") + "\n\n").utf8, to: "batches.meta.txt")
    let data = try Dataset.cifar10(in: folder.path)
    #expect(data.training.classes == [3, 9, 0] && data.test.classes == [5])
    #expect(data.training.imageShape == [3, 32, 32])
    #expect(data.training.pixels == image(0, 3072) + image(1, 3072) + image(2, 3072))
    #expect(data.training.classNames == names)
  }

  @Test func `the second of two labels is the fine class`() throws {
    let folder = try TemporaryFolder()
    try folder.write([19, 99] + image(0, 3072) + [2, 7] + image(1, 3072), to: "train.bin")
    try folder.write([0, 1] + image(2, 3072), to: "test.bin")
    let fine = try Dataset.cifar100(in: folder.path)
    #expect(fine.training.classes == [99, 7] && fine.training.classCount == 100)
    #expect(fine.training.pixels == image(0, 3072) + image(1, 3072))
    let coarse = try Dataset.cifar100(in: folder.path, coarse: true)
    #expect(coarse.training.classes == [19, 2] && coarse.training.classCount == 20)
  }

  @Test func `damage is named with its place`() throws {
    let folder = try TemporaryFolder()
    func load() throws { _ = try Dataset.cifar10(in: folder.path) }
    expectError("no file data_batch_1.bin", from: load)
    try folder.write([1] + image(0, 3072), to: "data_batch_1.bin")
    expectError("no file test_batch.bin", from: load)
    try folder.write([1] + image(0, 3071), to: "test_batch.bin")
    expectError("test_batch.bin, byte 0: 3072 bytes after 0 images", from: load)
    try folder.write([], to: "test_batch.bin")
    expectError("0 bytes after 0 images", from: load)
    try folder.write([1] + image(0, 3072) + [10] + image(1, 3072), to: "test_batch.bin")
    expectError("test_batch.bin, byte 3073: label 10; expected a class from 0 to 9", from: load)
    try folder.write([1] + image(0, 3072), to: "test_batch.bin")
    try folder.write("cat\ndog".utf8, to: "batches.meta.txt")
    expectError("2 names; expected 10", from: load)
    try folder.write((0..<10).map { "\($0)" }.joined(separator: "\n").utf8, to: "batches.meta.txt")
    try folder.write([0x1f, 0x8b, 8, 0], to: "data_batch_1.bin")
    expectError("compressed data", from: load)
  }
}

@Suite struct STL10Tests {
  private let side = 96

  @Test func `planes are stored column by column, classes from 1`() throws {
    let folder = try TemporaryFolder()
    let stored = image(0, 3 * side * side)
    try folder.write(stored + image(1, 3 * side * side), to: "train_X.bin")
    try folder.write([1, 10], to: "train_y.bin")
    try folder.write(stored, to: "test_X.bin")
    try folder.write([4], to: "test_y.bin")
    let data = try Dataset.stl10(in: folder.path)
    #expect(data.training.classes == [0, 9] && data.test.classes == [3])
    #expect(data.training.imageShape == [3, 96, 96])
    for (channel, row, column) in [(0, 0, 1), (1, 5, 90), (2, 95, 3)] {
      let pixel = data.test.pixels[(channel * side + row) * side + column]
      #expect(pixel == stored[(channel * side + column) * side + row])
    }
    let unlabelled = try Dataset.stl10Unlabelled(contentsOf: "\(folder.path)/train_X.bin")
    #expect(unlabelled.count == 2 && unlabelled.pixels == data.training.pixels)
  }

  @Test func `damage is named with its place`() throws {
    let folder = try TemporaryFolder()
    func load() throws { _ = try Dataset.stl10(in: folder.path) }
    expectError("no file train_X.bin", from: load)
    for name in ["train", "test"] {
      try folder.write(image(0, 3 * side * side), to: "\(name)_X.bin")
      try folder.write([1], to: "\(name)_y.bin")
    }
    try load()
    try folder.write([1, 2], to: "test_y.bin")
    expectError("test_y.bin: 2 labels; expected 1, one for each image", from: load)
    try folder.write([0], to: "test_y.bin")
    expectError("test_y.bin, byte 0: label 0; expected a class from 1 to 10", from: load)
    try folder.write(image(0, 27_649), to: "test_X.bin")
    expectError("test_X.bin, byte 27648: 1 bytes after 1 images", from: load)
  }
}

@Suite struct ImageFolderTests {
  private func makeFolder(_ folder: TemporaryFolder, _ name: String) throws {
    try TemporaryFolder.make("\(folder.path)/\(name)")
  }

  @Test func `folders are classes in alphabetic order`() throws {
    let folder = try TemporaryFolder()
    for name in ["train/wren", "train/owl", "test/wren"] { try makeFolder(folder, name) }
    try folder.write(ImageFiles.grey, to: "train/wren/1.png")
    try folder.write(ImageFiles.colours, to: "train/owl/b.png")
    try folder.write(ImageFiles.palette, to: "train/owl/a.png")
    try folder.write([1, 2, 3], to: "train/owl/.hidden")
    try folder.write(ImageFiles.grey, to: "test/wren/2.png")
    let data = try Dataset.folder(folder.path)
    #expect(data.training.classNames == ["owl", "wren"])
    #expect(data.training.classes == [0, 0, 1] && data.test.classes == [1])
    #expect(data.training.imageShape == [3, 2, 3])
    #expect(data.test.pixels == (0..<3).flatMap { _ in [0, 128, 255, 7, 77, 200] as [UInt8] })
  }

  @Test func `what does not fit is named`() throws {
    let folder = try TemporaryFolder()
    func load() throws { _ = try Dataset.folder(folder.path) }
    expectError("train: not a folder", from: load)
    for name in ["train", "test"] { try makeFolder(folder, name) }
    expectError("0 folders; expected 1 to 256", from: load)
    try makeFolder(folder, "train/owl")
    expectError("no images; expected PNG or JPEG", from: load)
    try folder.write(ImageFiles.grey, to: "train/owl/1.png")
    try makeFolder(folder, "test/cat")
    expectError("test/cat: a class without images to train on", from: load)
    try makeFolder(folder, "train/cat")
    try folder.write(ImageFiles.greyJPEG, to: "test/cat/1.jpg")
    expectError("1.jpg: 8 x 8 pixels; expected 3 x 2 pixels, as in", from: load)
    try folder.write("text".utf8, to: "train/cat/readme.txt")
    expectError("readme.txt, byte 0: another format; expected PNG or JPEG", from: load)
  }
}
