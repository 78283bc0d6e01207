import Foundation
import Testing

/// One text file of the repository.
struct SourceFile: Sendable {
  /// Where the file is, from the root of the repository, with `/` between the parts.
  let path: String
  let text: String

  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
  }

  /// The lines without their line breaks; a break at the end does not open another line.
  var lines: [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true {
      lines.removeLast()
    }
    return lines
  }

  var name: String { String(path.split(separator: "/").last ?? "") }

  /// The name without what follows the last dot.
  var baseName: String { name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name }

  var isSwift: Bool { path.hasSuffix(".swift") }

  /// The module a file under `Sources` belongs to.
  var module: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }
}

/// A place that breaks a law.
struct Offence: Equatable, CustomStringConvertible, Sendable {
  let path: String
  let line: Int
  let reason: String

  init(_ path: String, _ line: Int, _ reason: String) {
    self.path = path
    self.line = line
    self.reason = reason
  }

  var description: String { "\(path):\(line): \(reason)" }
}

/// The text files of the repository these tests were compiled in.
struct SourceTree: Sendable {
  static let shared = SourceTree(
    root: URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent())

  let root: URL
  let files: [SourceFile]

  private static let skippedFolders: Set<String> = [
    ".build", ".git", ".swiftpm", ".venv", "__pycache__", "runs",
  ]
  private static let textExtensions: Set<String> = [
    "", "c", "h", "json", "md", "modulemap", "py", "sh", "swift", "toml", "txt", "yaml", "yml",
  ]

  init(root: URL) {
    self.root = root
    var files: [SourceFile] = []
    let enumerator = FileManager.default.enumerator(atPath: root.path)
    while let path = enumerator?.nextObject() as? String {
      let url = root.appending(path: path)
      if Self.skippedFolders.contains(url.lastPathComponent) {
        enumerator?.skipDescendants()
      } else if Self.textExtensions.contains(url.pathExtension),
        let text = try? String(contentsOf: url, encoding: .utf8)
      {
        files.append(SourceFile(path, text))
      }
    }
    self.files = files.sorted { $0.path < $1.path }
  }

  /// The Swift files of one folder and the folders in it.
  func swiftFiles(under folder: String) -> [SourceFile] {
    files.filter { $0.isSwift && $0.path.hasPrefix(folder + "/") }
  }

  func file(at path: String) -> SourceFile? {
    files.first { $0.path == path }
  }

  func contains(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }
}

/// Records every offence as a failure of its own.
func expectNone(
  _ offences: [Offence], sourceLocation: SourceLocation = #_sourceLocation
) {
  for offence in offences {
    Issue.record("\(offence)", sourceLocation: sourceLocation)
  }
}

@Suite struct SourceTreeTests {
  @Test func `the tree is the repository`() {
    let tree = SourceTree.shared
    #expect(tree.contains("Package.swift"))
    #expect(tree.file(at: "Tests/RepositoryTests/SourceTree.swift")?.baseName == "SourceTree")
    #expect(!tree.swiftFiles(under: "Sources").isEmpty)
    #expect(tree.files.allSatisfy { !$0.path.hasPrefix(".build/") })
  }

  @Test func `a file knows its lines and its module`() {
    let file = SourceFile("Sources/ThalwegTensors/Operations/Exp.swift", "one\n\nthree\n")
    #expect(file.lines == ["one", "", "three"])
    #expect(file.module == "ThalwegTensors")
    #expect(file.baseName == "Exp")
    #expect(SourceFile("Tests/ATests/B.swift", "").module == nil)
    #expect(SourceFile("Makefile", "").baseName == "Makefile")
  }
}
