import Foundation
import Testing
import ThalwegTensors
import ThalwegTraining

private let numbers: [Double] = [1.5, -2, 3, 4, 5, .pi]
private let rounded = numbers.map { Double(Float($0)) }

@Suite struct NumPyTests {
  @Test(arguments: [
    (NumPyFiles.double, numbers), (NumPyFiles.bigEndian, numbers), (NumPyFiles.columns, numbers),
    (NumPyFiles.version3, numbers), (NumPyFiles.single, rounded),
    (NumPyFiles.bigEndianSingle, rounded),
  ])
  func `files of NumPy are read`(bytes: [UInt8], expected: [Double]) throws {
    let tensor = try NumPyArray(bytes: bytes).tensor
    #expect(tensor.shape == [2, 3] && tensor.values == expected)
    #expect(tensor.dtype == (expected == numbers ? .float64 : .float32))
  }

  @Test func `arrays of any rank are read`() throws {
    let cube = try NumPyArray(bytes: NumPyFiles.cube).tensor
    #expect(cube.shape == [2, 3, 4] && cube.values == (0..<24).map(Double.init))
    let scalar = try NumPyArray(bytes: NumPyFiles.scalar).tensor
    #expect(scalar.shape == [] && scalar.values == [7.25])
    #expect(try NumPyArray(bytes: NumPyFiles.empty).tensor.shape == [0, 3])
  }

  @Test func `what is written is what NumPy writes`() throws {
    let double = Tensor(numbers, shape: [2, 3])
    #expect(NumPyArray(double).bytes == NumPyFiles.double)
    #expect(
      NumPyArray(Tensor(numbers, shape: [2, 3], dtype: .float32)).bytes == NumPyFiles.single)
    #expect(NumPyArray(Tensor([7.25], shape: [])).bytes == NumPyFiles.scalar)
    #expect(NumPyArray(.zeros([0, 3])).bytes == NumPyFiles.empty)
  }

  @Test(arguments: [NumPyFiles.archive, NumPyFiles.compressedArchive])
  func `archives of NumPy are read`(bytes: [UInt8]) throws {
    let arrays = try NumPyArchive(bytes: bytes).arrays
    #expect(Set(arrays.keys) == ["t", "y"] && arrays["t"]?.values == [0, 0.5, 1])
    #expect(arrays["y"]?.shape == [2, 3] && arrays["y"]?.values == rounded)
  }

  @Test func `archives are written and read again`() throws {
    let folder = try TemporaryFolder()
    let archive = NumPyArchive(["α": Tensor(numbers, shape: [3, 2]), "t": Tensor([2.5])])
    try archive.write(to: "\(folder.path)/a.npz")
    let again = try NumPyArchive(contentsOf: "\(folder.path)/a.npz")
    #expect(again.arrays["α"]?.values == numbers && again.arrays["α"]?.shape == [3, 2])
    #expect(again.arrays["t"]?.values == [2.5] && again.bytes == archive.bytes)
    try NumPyArray(Tensor(numbers)).write(to: "\(folder.path)/a.npy")
    #expect(try NumPyArray(contentsOf: "\(folder.path)/a.npy").tensor.values == numbers)
  }

  /// What Python makes of a program.
  private static func python(_ program: String) throws -> (status: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  private static let hasNumPy = (try? python("import numpy"))?.status == 0

  @Test(.enabled(if: hasNumPy, "there is no Python with NumPy"))
  func `NumPy reads archives`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.npz"
    try NumPyArchive([
      "t": Tensor([0.5, 2]), "y": Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2], dtype: .float32),
    ]).write(to: path)
    let read = try Self.python(
      "import numpy; a = numpy.load('\(path)'); y = a['y']; "
        + "print(a['t'].tolist(), y.dtype, y.tolist())")
    #expect(read.output == "[0.5, 2.0] float32 [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]\n")
  }

  /// The first file with another header of the same length.
  private static func file(_ header: String) -> [UInt8] {
    let padded = header + String(repeating: " ", count: max(0, 117 - header.utf8.count)) + "\n"
    return Array(NumPyFiles.double.prefix(10)) + Array(padded.utf8) + NumPyFiles.double.suffix(48)
  }

  private static let shape = "'fortran_order': False, 'shape'"

  @Test(arguments: [
    ([], "byte 0: another format"), (Array(NumPyFiles.double.dropLast()), "47 bytes of data"),
    (NumPyFiles.double + [0], "49 bytes of data; expected 48"),
    (file("{'descr': '<i8', \(shape): (2, 3), }"), "kind '<i8'; expected '<f4'"),
    (file("{'descr': '<f8', \(shape): (2, 3)"), "does not end"),
    (file("{'descr': '<f8', \(shape): (-2, 3), }"), "no whole number"),
    (file("{'descr': '<f8', \(shape): (9223372036854775807, 9), }"), "a smaller one"),
    (file("{'descr': '<f8', \(shape): (0, 4611686018427387904, 4), }"), "a smaller one"),
    (file("{'descr': '<f8', \(shape): (1,1,1,1,1,1,1,1,6), }"), "9 axes"),
    (file("{'descr': '<f8', 'shape': (2, 3), }"), "once each"),
    (file("{'descr': True, \(shape): (2, 3), }"), "another kind"),
    (file("[]"), "no dictionary"),
  ])
  func `a wrong file is refused with the place`(bytes: [UInt8], expected: String) throws {
    let error = try #require(throws: DataError.self) {
      try NumPyArray(bytes: bytes, path: "a.npy")
    }
    #expect("\(error)".contains(expected) && "\(error)".hasPrefix("a.npy"), "\(error)")
  }

  @Test func `damage to an archive is refused`() throws {
    for whole in [NumPyFiles.archive, NumPyFiles.compressedArchive] {
      for length in 0..<whole.count {
        #expect(throws: DataError.self) { try NumPyArchive(bytes: Array(whole.prefix(length))) }
      }
      var damaged = whole
      damaged[200] ^= 1
      let error = try #require(throws: DataError.self) {
        try NumPyArchive(bytes: damaged, path: "a.npz")
      }
      #expect("\(error)".contains("damaged"), "\(error)")
    }
  }
}

@Suite struct NumberTableTests {
  @Test func `numbers and names are read`() throws {
    let table = try NumberTable(bytes: Array("t, y\r\n0,1e-3\r\n 2.5 ,-4\r\n".utf8))
    #expect(table.names == ["t", "y"] && table.tensor.shape == [2, 2])
    #expect(table.tensor.values == [0, 1e-3, 2.5, -4])
    let plain = try NumberTable(bytes: Array("1,2\n3,4".utf8))
    #expect(plain.names.isEmpty && plain.tensor.values == [1, 2, 3, 4])
  }

  @Test(arguments: [
    ("", "no numbers"), ("a,b\n", "no numbers"), ("1,2\n3\n", "line 2: 1 values; expected 2"),
    ("1,2\n3,x\n", "line 2: value 2 is 'x'"), ("1,2\nnan,3\n", "value 1 is 'nan'"),
    ("1,2\n3,1e999\n", "value 2 is '1e999'"), ("1,2\n\n3,4\n", "line 2: 1 values"),
    ("1,\n", "value 2 is ''"),
  ])
  func `a wrong table is refused with the line`(text: String, expected: String) throws {
    let error = try #require(throws: DataError.self) {
      try NumberTable(bytes: Array(text.utf8), path: "a.csv")
    }
    #expect("\(error)".contains(expected) && "\(error)".hasPrefix("a.csv"), "\(error)")
  }
}
