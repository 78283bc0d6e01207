import Foundation

/// The pages and pictures of a repository.
struct PageTree {
  let root: URL

  func text(_ path: String) throws(DocumentationError) -> String {
    guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else {
      throw .unreadable(path)
    }
    return text
  }

  /// All that becomes an article.
  func articles() throws(DocumentationError) -> [Article] {
    var paths = ["CHANGELOG.md", "CONTRIBUTING.md", "Examples/README.md"]
    paths += files(in: "docs", ending: ".md").filter { $0 != "docs/reference.md" }
    paths += files(in: "docs/decisions", ending: ".md")
    var articles: [Article] = []
    for path in paths { articles.append(Article(path: path, text: try text(path))) }
    return articles + (try examples(described: try text("Examples/README.md")))
  }

  /// The pictures that pages show.
  func pictures() -> [String] {
    let folder = "docs/pictures"
    let enumerator = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    var paths: [String] = []
    while let path = enumerator?.nextObject() as? String {
      if path.hasSuffix(".svg") { paths.append("\(folder)/\(path)") }
    }
    return paths
  }

  /// A page for each row of the table of examples, with its picture and its code.
  private func examples(described page: String) throws(DocumentationError) -> [Article] {
    var articles: [Article] = []
    for row in page.matches(of: /\n\| \[([\w-]+)\]\(([^)]+)\) \| ([^|]+) \| \[!\[([^\]]+)\]/) {
      let (name, file) = (String(row.1), String(row.2))
      let about = row.3.prefix(1).uppercased() + row.3.dropFirst()
      articles.append(
        Article(
          path: "Examples/\(name)",
          text: """
            # \(name)

            \(about).

            ![\(row.4)](../docs/pictures/examples/\(name).svg)

            It is run by `swift run -c release \(name)`:

            ```swift
            \(try text("Examples/\(file)"))
            ```

            """))
    }
    return articles
  }

  private func files(in folder: String, ending: String) -> [String] {
    let names =
      (try? FileManager.default.contentsOfDirectory(
        atPath: root.appending(path: folder).path)) ?? []
    return names.filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
  }
}
