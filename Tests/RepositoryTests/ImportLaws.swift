import Testing

/// The layers of the package from the lowest to the highest.
private let layers = [
  "CThalwegKernels", "ThalwegKernels", "ThalwegTensors", "ThalwegDynamics", "ThalwegIntegrators",
  "ThalwegStability", "ThalwegAdjoints", "ThalwegNetworks", "ThalwegDiffusion", "ThalwegTraining",
  "ThalwegReports", "Thalweg", "ThalwegLaws", "ThalwegCLI",
]

/// The modules in C, which only one layer may reach.
private let foreignModules: Set<String> = [
  "COpenBLAS", "CLAPACKE", "CARPACK", "CZlib", "CThalwegKernels",
]
private let kernels = "ThalwegKernels"

/// Imports of a layer that is not below, of C outside the kernels, and modules that are no layer.
func importsOutOfOrder(_ file: SourceFile) -> [Offence] {
  guard file.isSwift, let module = file.module else { return [] }
  guard let height = layers.firstIndex(of: module) else {
    return [Offence(file.path, 1, "\(module) is not in the list of layers")]
  }
  return imports(in: file.text).compactMap { line, imported in
    if foreignModules.contains(imported), module != kernels {
      return Offence(file.path, line, "\(imported) may be imported by \(kernels) only")
    }
    guard let depth = layers.firstIndex(of: imported), depth >= height else { return nil }
    return Offence(file.path, line, "\(module) imports \(imported), which is not below it")
  }
}

/// The modules that are imported, with their lines.
func imports(in source: String) -> [(line: Int, module: String)] {
  let kinds: Set<Substring> = [
    "class", "enum", "func", "let", "protocol", "struct", "typealias", "var",
  ]
  let lines = blanked(source).split(separator: "\n", omittingEmptySubsequences: false)
  return lines.enumerated().compactMap { index, line in
    let words = line.split { " .;".contains($0) }
    guard let keyword = words.firstIndex(of: "import"),
      words[..<keyword].allSatisfy({ $0.first == "@" || $0.allSatisfy(\.isLetter) }),
      let module = words[(keyword + 1)...].first(where: { !kinds.contains($0) })
    else { return nil }
    return (index + 1, String(module))
  }
}

/// Unsafe Swift outside the kernels.
func unsafeCode(_ file: SourceFile) -> [Offence] {
  guard file.isSwift, file.path.hasPrefix("Sources/"), file.module != kernels else { return [] }
  let words = ["unsafe", "Unsafe", "@unchecked", "Unmanaged"]
  let lines = blanked(file.text).split(separator: "\n", omittingEmptySubsequences: false)
  return lines.enumerated().flatMap { index, line in
    words.filter { line.contains($0) }.prefix(1).map {
      Offence(file.path, index + 1, "'\($0)' may occur in \(kernels) only")
    }
  }
}

/// Imports by which an example would use more than the umbrella gives.
func importsBesidesThalweg(_ file: SourceFile) -> [Offence] {
  imports(in: file.text).filter { !["Thalweg", "ExampleSupport", "Foundation"].contains($1) }
    .map { Offence(file.path, $0, "an example imports \($1)") }
}

@Suite struct ImportLaws {
  @Test func `examples import the library as its users do`() {
    let offences = importsBesidesThalweg(SourceFile("Examples/a/A.swift", "import ThalwegKernels"))
    #expect(offences.map(\.line) == [1])
    let files = SourceTree.shared.swiftFiles(under: "Examples")
    #expect(files.count > 11)
    expectNone(files.flatMap(importsBesidesThalweg))
  }

  @Test func `each module imports only the layers below it`() {
    expectNone(SourceTree.shared.swiftFiles(under: "Sources").flatMap(importsOutOfOrder))
  }

  @Test func `unsafe Swift occurs in the kernels only`() {
    expectNone(SourceTree.shared.swiftFiles(under: "Sources").flatMap(unsafeCode))
  }

  @Test(arguments: [
    ("ThalwegDynamics", "import ThalwegTensors\n", []),
    ("ThalwegDynamics", "\n// import Thalweg\npublic import ThalwegIntegrators\n", [3]),
    ("ThalwegDynamics", "@_exported import ThalwegDynamics", [1]),
    ("ThalwegDynamics", "import struct ThalwegNetworks.Dense", [1]),
    ("ThalwegDynamics", "import COpenBLAS\nimport Foundation", [1]),
    ("ThalwegKernels", "internal import COpenBLAS\nimport CThalwegKernels", []),
    ("ThalwegCLI", "import Thalweg\nimport ThalwegTraining\nimport ArgumentParser", []),
    ("ThalwegElsewhere", "let a = 1", [1]),
  ])
  func `an import out of order is found`(module: String, source: String, expected: [Int]) {
    let file = SourceFile("Sources/\(module)/A.swift", source)
    #expect(importsOutOfOrder(file).map(\.line) == expected)
  }

  @Test(arguments: [
    "let p: UnsafePointer<Int>", "a.withUnsafeBufferPointer { $0 }",
    "struct A: @unchecked Sendable",
    "nonisolated(unsafe) var a = 1", "let a: Unmanaged<A>", "Array(unsafeUninitializedCapacity: 3)",
  ])
  func `unsafe code is found`(code: String) {
    let source = "// Unsafe words in comments are fine.\n\(code)\n"
    let offences = unsafeCode(SourceFile("Sources/ThalwegTensors/A.swift", source))
    #expect(offences.map(\.line) == [2])
    #expect(unsafeCode(SourceFile("Sources/ThalwegKernels/A.swift", source)).isEmpty)
  }
}
