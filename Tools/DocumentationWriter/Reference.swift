/// The page that sorts all pages and all public symbols into groups: `docs/reference.md`.
package struct Reference: Equatable {
  /// A part of the page, by a heading of the second level.
  struct Section: Equatable {
    var title: String
    /// What stands between the heading and the first group.
    var summary = ""
    var groups: [Group] = []
  }

  /// A heading of the third level, with the pages or the symbols below it.
  struct Group: Equatable {
    var title: String
    /// The pages that are linked to.
    var pages: [Page] = []
    /// The names between backticks.
    var symbols: [String] = []
  }

  /// A page and what it is called here.
  struct Page: Equatable {
    /// Where it is, from the root of the repository.
    var path: String
    var title: String
  }

  private(set) var sections: [Section] = []

  /// What pages are called here, by their paths.
  var titles: [String: String] {
    Dictionary(
      sections.flatMap(\.groups).flatMap(\.pages).map { ($0.path, $0.title) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Reads the page.
  package init(text: String, folder: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") {
        sections.append(Section(title: String(line.dropFirst(3))))
      } else if line.hasPrefix("### "), !sections.isEmpty {
        sections[sections.count - 1].groups.append(Group(title: String(line.dropFirst(4))))
      } else if let last = sections.indices.last {
        if let group = sections[last].groups.indices.last {
          sections[last].groups[group].read(line, folder)
        } else {
          sections[last].summary += line.isEmpty ? "" : line + "\n"
        }
      }
    }
  }

  /// What is listed twice, or not at all, or is not there.
  package func problems(pages: Set<String>, graph: SymbolGraph) -> [String] {
    let groups = sections.flatMap(\.groups)
    let names = Set(graph.symbols.filter(\.isOutermost).map(\.path))
    return Self.compare(groups.flatMap(\.pages).map(\.path), with: pages)
      + Self.compare(groups.flatMap(\.symbols), with: names)
  }

  private static func compare(_ listed: [String], with existing: Set<String>) -> [String] {
    let counts = Dictionary(listed.map { ($0, 1) }, uniquingKeysWith: +)
    return existing.subtracting(listed).sorted().map { "docs/reference.md does not list \($0)" }
      + counts.filter { $0.value > 1 }.keys.sorted().map { "docs/reference.md lists \($0) twice" }
      + Set(listed).subtracting(existing).sorted().map {
        "docs/reference.md lists \($0), which there is not"
      }
  }
}

extension Reference.Group {
  fileprivate mutating func read(_ line: Substring, _ folder: String) {
    pages += line.matches(of: /\[([^\]]+)\]\(([^)\s]+)\)/).map {
      Reference.Page(path: resolved(String($0.2), from: folder), title: String($0.1))
    }
    guard pages.isEmpty else { return }
    symbols += line.matches(of: /`([^`]+)`/).map { String($0.1) }
  }
}

/// A path relative to a folder as one from the root of the repository.
func resolved(_ target: String, from folder: String) -> String {
  var parts = folder.split(separator: "/").map(String.init)
  for part in target.split(separator: "/") where part != "." {
    if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
  }
  return parts.joined(separator: "/")
}
