import Foundation

/// A file of the repository as lines.
struct Page: Sendable {
  /// Where it is, from the root of the repository.
  let path: String
  let lines: [String]

  /// A fenced piece of code.
  struct Block: Sendable {
    let language: String
    /// The lines between the fences.
    let lines: [String]
    /// The number of the first of them, counted from 1.
    let start: Int
  }

  /// The fenced pieces of code, in order.
  var blocks: [Block] {
    var blocks: [Block] = []
    var open: (language: String, start: Int)?
    for (index, line) in lines.enumerated() {
      guard line.hasPrefix("```") else { continue }
      if let (language, start) = open {
        blocks.append(
          Block(language: language, lines: Array(lines[start..<index]), start: start + 1))
        open = nil
      } else {
        open = (String(line.dropFirst(3)), index + 1)
      }
    }
    return blocks
  }

  /// The rows of the tables, without headings and rules, each as its cells.
  var tableRows: [[String]] {
    let rows = lines.map { line in
      line.hasPrefix("|")
        ? line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
          .map { $0.trimmingCharacters(in: .whitespaces) } : []
    }
    return zip(rows, rows.dropFirst() + [[]]).enumerated().compactMap { index, pair in
      let isRule = { (row: [String]) in row.first?.allSatisfy { ":-".contains($0) } == true }
      return pair.0.isEmpty || isRule(pair.0) || isRule(pair.1) ? nil : pair.0
    }
  }
}

/// The repository that these tests were compiled in.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// README.md and the pages in docs.
  static let pages: [Page] =
    [page("README.md")] + files(under: "docs").filter { $0.hasSuffix(".md") }.map(page)

  static func page(_ path: String) -> Page {
    let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    let lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    return Page(path: path, lines: lines.map(String.init))
  }

  /// The Swift files of a folder.
  static func sources(under folder: String) -> [Page] {
    files(under: folder).filter { $0.hasSuffix(".swift") }.map(page)
  }

  /// The paths of all files in a folder, sorted.
  static func files(under folder: String) -> [String] {
    let enumerator = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    var paths: [String] = []
    while let path = enumerator?.nextObject() as? String { paths.append("\(folder)/\(path)") }
    return paths.sorted()
  }

  static func contains(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }
}
