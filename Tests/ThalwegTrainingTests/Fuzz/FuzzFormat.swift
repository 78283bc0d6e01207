import Foundation
import Testing
import ThalwegCLI
import ThalwegKernels
import ThalwegTensors
import ThalwegTraining

/// A format of files: valid ones, and what reads them.
struct FuzzFormat: Sendable, CustomTestStringConvertible {
  let name: String
  let seeds: [[UInt8]]
  /// Parts of files that mutations put in.
  var words: [String] = []
  let read: @Sendable ([UInt8]) throws -> Void

  var testDescription: String { name }

  static let all = [
    safetensors, npy, npz, table, digits, idx, records, compressed, png, jpeg, json,
    flags,
  ]

  private static let hugeWords = [
    "18446744073709551615", "9223372036854775807", "-1", "1e999", "NaN", "null", "[[[[", "{}", "\"",
    "\\ud800", ",,", "0",
  ]

  private static let safetensors = FuzzFormat(
    name: "safetensors",
    seeds: [
      Safetensors(
        [
          "a": Tensor([1, 2, 3, 4], shape: [2, 2]), "b": .zeros([0, 3]),
          "c": Tensor([7], shape: []),
        ],
        metadata: ["note": "a \"word\"\n"]
      ).bytes,
      Safetensors(["weight": .ones([2, 3], dtype: .float32)]).bytes,
    ],
    words: hugeWords + ["\"F32\"", "\"F64\"", "\"I8\"", "[0,8]", "[9223372036854775807,2]"]
  ) { bytes in
    // What is read can be used.
    for tensor in try Safetensors(bytes: bytes).tensors.values { _ = tensor.values.count }
  }

  private static let npy = FuzzFormat(
    name: "npy",
    seeds: [
      NumPyFiles.double, NumPyFiles.single, NumPyFiles.bigEndian, NumPyFiles.cube,
      NumPyFiles.scalar, NumPyFiles.empty, NumPyFiles.version3,
    ], words: hugeWords + ["True", "(", "()", "(2,)", "'<f4'", "'>f8'"]
  ) { _ = try NumPyArray(bytes: $0).tensor.values.count }

  private static let npz = FuzzFormat(
    name: "npz", seeds: [NumPyFiles.archive, NumPyFiles.compressedArchive], words: ["PK\u{5}\u{6}"]
  ) { _ = try NumPyArchive(bytes: $0) }

  private static let table = FuzzFormat(
    name: "csv",
    seeds: [Array("t,y\n0,1e-3\n2.5,-4\n".utf8), Array("1,2,3\r\n4,5,6\r\n".utf8)],
    words: hugeWords + ["\n", "\r", "\u{2028}", "0x1p9", "inf"]
  ) { _ = try NumberTable(bytes: $0) }

  private static let digits = FuzzFormat(
    name: "optdigits",
    seeds: [
      Array((Array(repeating: "16", count: 64).joined(separator: ",") + ",7\n").utf8)
    ], words: hugeWords
  ) { _ = try Dataset.optdigits(bytes: $0, path: "a") }

  private static let idx = FuzzFormat(
    name: "idx",
    seeds: [[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + [UInt8](1...12)]
  ) { _ = try IDXFile(bytes: $0, rank: 3, path: "a") }

  private static let records = FuzzFormat(
    name: "CIFAR records", seeds: [[3] + [UInt8](0..<24) + [9] + [UInt8](24..<48)]
  ) { _ = try RecordFile(bytes: $0, .init(labels: [10], wanted: 0, pixels: 24), path: "a") }

  private static let compressed = FuzzFormat(
    name: "gzip",
    seeds: [
      Data(base64Encoded: "H4sIAAAAAAACA2Ng4GBmYGBggmJmRiZmFlY2dg5OLm4eAEgRDIQcAAAA").map(
        Array.init)
        ?? []
    ]
  ) { _ = try gunzip($0, limit: 1 << 24) }

  private static let png = FuzzFormat(
    name: "PNG",
    seeds: [
      ImageFiles.colours, ImageFiles.wideGrey, ImageFiles.grey, ImageFiles.transparent,
      ImageFiles.palette,
    ], words: ["IHDR", "IDAT", "PLTE", "tRNS", "IEND", "iCCP", "gAMA"]
  ) { _ = try Picture(bytes: $0, path: "a") }

  private static let jpeg = FuzzFormat(
    name: "JPEG", seeds: [ImageFiles.greyJPEG, ImageFiles.colourJPEG]
  ) { _ = try Picture(bytes: $0, path: "a") }

  private static let json = FuzzFormat(
    name: "JSON",
    seeds: [
      Array(#"{"data": "optdigits", "steps": 4, "project": null, "learning-rate": 1e-2}"#.utf8),
      Array(#"[true, false, null, -0.5e+3, "a\u00e9\ud83d\ude00\n", {"b": [[]]}]"#.utf8),
    ], words: hugeWords + [String(repeating: "[", count: 4000), "true"]
  ) { bytes in _ = "\(try JSON(parsing: bytes))" }

  private static let flags = FuzzFormat(
    name: "YAML (config.yaml)",
    seeds: [
      Array("# again\ndata: optdigits\nsteps: 4\nproject: ~\nlearning-rate: 1e-2\n".utf8),
      Array("standardize: true\narguments: [--data, 'a b']\nname: >\n  folded\n  text\n".utf8),
      Array("a: &a [1, 2]\nb: *a\nc:\n- x\n- \"y\\n\"\n".utf8),
    ],
    words: hugeWords + [
      "&a ", "*a", "? ", "- ", ": ", "!!binary ", "!!set ", "<<: *a", "---\n", "...\n",
      "%YAML 9.9\n",
      "\t", "| \n", String(repeating: "[", count: 4000), String(repeating: "- ", count: 4000),
      String(repeating: "{a: ", count: 2000),
    ]
  ) { bytes in _ = try FlagFile(bytes: bytes).text() }
}
