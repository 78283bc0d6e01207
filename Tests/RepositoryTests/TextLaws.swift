import Foundation
import Testing

/// Marks of unfinished work and paths that exist on one machine only.
func unfinishedText(_ file: SourceFile) -> [Offence] {
  guard !file.path.hasPrefix("Tests/") else { return [] }
  return file.lines.enumerated().flatMap { index, line in
    unfinishedWords(in: line).map { Offence(file.path, index + 1, "'\($0)' has no place here") }
  }
}

private func unfinishedWords(in line: Substring) -> [String] {
  var found = ["fatalError(\"unimplemented", "../shared"].filter { line.contains($0) }
  // Plain searches first: they are cheap, and hardly any line goes on to the expressions.
  if ["TODO", "FIXME"].contains(where: { line.contains($0) }) {
    found += line.matches(of: /\b(?:TODO|FIXME)\b/).map { String($0.output) }
  }
  if ["/work", "/tmp", "/root", "/home", "/Users", "/opt"].contains(where: { line.contains($0) }) {
    found += line.matches(of: /(?:^|[^\w.~\/-])(\/(?:work|tmp|root|home|Users|opt)\b)/)
      .map { String($0.1) }
  }
  return found
}

/// The relative links of a Markdown file that lead nowhere.
func brokenLinks(_ file: SourceFile, exists: (String) -> Bool) -> [Offence] {
  let folder = file.path.split(separator: "/").dropLast().map(String.init)
  return links(in: file).compactMap { line, target in
    let path = target.prefix { $0 != "#" && $0 != "?" }
    let isRemote = target.firstMatch(of: /^[A-Za-z][A-Za-z0-9+.-]*:/) != nil
    guard !isRemote, !path.isEmpty else { return nil }
    let resolved = resolve(path.removingPercentEncoding ?? String(path), from: folder)
    guard resolved.map(exists) != true else { return nil }
    return Offence(file.path, line, "the link to '\(target)' leads nowhere")
  }
}

/// The targets of links and images outside of code.
private func links(in file: SourceFile) -> [(line: Int, target: String)] {
  var found: [(Int, String)] = []
  var isCode = false
  for (index, line) in file.lines.enumerated() {
    if line.firstMatch(of: /^\s*(```|~~~)/) != nil {
      isCode.toggle()
    }
    guard !isCode, line.contains("]") else { continue }
    let text = line.replacing(/`[^`]*`/, with: "")
    found += text.matches(of: /\]\(<?([^)\s>]+)>?[^)]*\)/).map { (index + 1, String($0.1)) }
    found += text.matches(of: /^\s*\[[^\]]+\]:\s+(\S+)/).map { (index + 1, String($0.1)) }
  }
  return found
}

/// A path relative to a folder as a path from the root; none if it leaves the repository.
private func resolve(_ path: String, from folder: [String]) -> String? {
  var parts = path.hasPrefix("/") ? [] : folder
  for part in path.split(separator: "/") where part != "." {
    guard part == ".." else {
      parts.append(String(part))
      continue
    }
    guard parts.popLast() != nil else { return nil }
  }
  return parts.joined(separator: "/")
}

/// The operations that the laws of all operations do not run over.
///
/// The file of an operation is named after its type; `Type+Aspect.swift` counts as `Type.swift`.
func operationsWithoutLaws(_ operations: [SourceFile], laws: SourceFile?) -> [Offence] {
  let code = laws.map { blanked($0.text) } ?? ""
  let words = Set(code.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
  return operations.compactMap { file in
    let type = file.baseName.prefix { $0 != "+" }
    guard !words.contains(type) else { return nil }
    return Offence(file.path, 1, "\(type) is not named in OperationLaws.swift")
  }
}

@Suite struct TextLaws {
  @Test func `nothing is unfinished and no path is of one machine`() {
    expectNone(SourceTree.shared.files.flatMap(unfinishedText))
  }

  @Test func `every relative link leads to a file`() {
    let tree = SourceTree.shared
    let documents = tree.files.filter { file in
      ["README.md", "CONTRIBUTING.md", "Examples/README.md"].contains(file.path)
        || (file.path.hasPrefix("docs/") && file.path.hasSuffix(".md"))
    }
    expectNone(documents.flatMap { brokenLinks($0, exists: tree.contains) })
  }

  @Test func `every operation is in the list of operation laws`() {
    let tree = SourceTree.shared
    expectNone(
      operationsWithoutLaws(
        tree.swiftFiles(under: "Sources/ThalwegTensors/Operations"),
        laws: tree.file(at: "Tests/ThalwegTensorsTests/OperationLaws.swift")))
  }

  @Test(arguments: [
    "// TODO: later", "/* FIXME */", "fatalError(\"unimplemented: geev\")",
    "see ../shared/notes.md", "let path = \"/tmp/a\"", "cd /work", "(/home/me/data)", "/opt/swift",
  ])
  func `unfinished text is found`(line: String) {
    let text = "first\n\(line)\n"
    #expect(unfinishedText(SourceFile("Sources/A/A.swift", text)).map(\.line) == [2])
    #expect(unfinishedText(SourceFile("docs/a.md", text)).map(\.line) == [2])
    #expect(unfinishedText(SourceFile("Tests/ATests/A.swift", text)).isEmpty)
  }

  @Test(arguments: [
    "a method", "TODOS.count", "https://example.org/home/tmp", "matrix/work", "../tmp/a",
    "#!/bin/sh",
  ])
  func `finished text passes`(line: String) {
    #expect(unfinishedText(SourceFile("Sources/A/A.swift", line)).isEmpty)
  }

  @Test(arguments: [
    ("[a](b.md) ![c](../picture.svg \"title\")", []),
    ("x\n[a](c.md) and [b](b.md)", [2]),
    ("[a](b.md#part) [b](#part) [c](https://example.org/x) [d](mailto:a@b)", []),
    ("[a](../../picture.svg)", [1]),
    ("```\n[a](c.md)\n```\n`[a](c.md)`\n[a](c.md)", [5]),
    ("[a]: c.md\n[b]: b.md", [1]),
  ])
  func `a link that leads nowhere is found`(text: String, expected: [Int]) {
    let existing: Set<String> = ["docs/b.md", "picture.svg"]
    let offences = brokenLinks(SourceFile("docs/a.md", text), exists: existing.contains)
    #expect(offences.map(\.line) == expected)
  }

  @Test func `an operation without laws is found`() {
    let operations = ["Exp", "MatMul", "Tensor+Sum"].map {
      SourceFile("Sources/ThalwegTensors/Operations/\($0).swift", "")
    }
    let laws = SourceFile("OperationLaws.swift", "[law(Exp()), law(Tensor.self)]  // MatMul")
    #expect(operationsWithoutLaws(operations, laws: laws).map(\.path) == [operations[1].path])
    #expect(operationsWithoutLaws(operations, laws: nil).count == 3)
  }
}
