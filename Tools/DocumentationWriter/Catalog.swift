package import Foundation

/// The documentation catalog of DocC, made of the pages in `docs` and of what stands beside them.
///
/// The pages are written for readers of the repository, and tests compile and run their code. Here links
/// between them become links between articles, names of types become links to their documentation, and
/// `docs/reference.md` says what is found where.
package struct Catalog {
  /// The text of each file by its name.
  package private(set) var files: [String: String] = [:]
  /// Where each picture is, by its name.
  package private(set) var pictures: [String: URL] = [:]

  private let graph: SymbolGraph
  private let links: Links

  /// Makes the catalog of a repository.
  ///
  /// - Errors: ``DocumentationError`` for pages and symbols that no group lists.
  package init(of root: URL, _ graph: SymbolGraph) throws(DocumentationError) {
    let tree = PageTree(root: root)
    let articles = try tree.articles()
    self.graph = graph
    links = Links(articles: articles, graph: graph)
    let reference = Reference(text: try tree.text("docs/reference.md"), folder: "docs")
    let listed = articles.map(\.path).filter {
      !$0.hasPrefix("docs/decisions/0") && ($0.hasPrefix("docs/") || $0.hasSuffix(".md"))
    }
    let problems = reference.problems(pages: Set(listed), graph: graph)
    guard problems.isEmpty else { throw .problems(problems) }

    for article in articles {
      let text = article.rewritten(for: links) + contents(of: article, among: articles)
      files["\(article.name).md"] = Self.entitled(reference.titles[article.path], text)
    }
    for section in reference.sections.dropFirst() {
      files["\(Self.name(of: section)).md"] =
        "# \(section.title)\n\n\(section.summary)\n## Topics\n" + topics(section.groups)
    }
    files["Thalweg.md"] = front(try tree.text("README.md"), reference)
    for path in tree.pictures() { pictures[links.picture(path)] = root.appending(path: path) }
  }

  /// A page whose title is what it is called in the groups.
  private static func entitled(_ title: String?, _ page: String) -> String {
    guard let title, page.hasPrefix("# ") else { return page }
    return "# \(title)" + page.drop { $0 != "\n" }
  }

  /// Writes the catalog into a folder.
  package func write(to folder: URL) throws {
    let manager = FileManager.default
    try? manager.removeItem(at: folder)
    let resources = folder.appending(path: "Resources")
    try manager.createDirectory(at: resources, withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
    }
    for (name, picture) in pictures {
      let svg = SizedPicture(try String(contentsOf: picture, encoding: .utf8)).svg
      try svg.write(to: resources.appending(path: name), atomically: false, encoding: .utf8)
    }
  }

  /// The page of the library: the beginning of README.md, and all groups.
  private func front(_ readme: String, _ reference: Reference) -> String {
    let beginning = readme.split(separator: "\n## ", maxSplits: 1)[0]
    let page = Article(path: "README.md", text: String(beginning.drop { $0 != "\n" }))
    let parts = reference.sections.dropFirst().map { "- <doc:\(Self.name(of: $0))>\n" }.joined()
    return "# ``Thalweg``\n" + page.rewritten(for: links) + "\n## Topics\n"
      + topics(reference.sections.first?.groups ?? []) + "\n### Reference\n\n" + parts
  }

  private func topics(_ groups: [Reference.Group]) -> String {
    groups.map { group in
      let pages = group.pages.map { "- <doc:\(links.name(of: $0.path))>\n" }
      let symbols = group.symbols.flatMap(symbolLinks).map { "- ``\($0)``\n" }
      return "\n### \(group.title)\n\n" + (pages + symbols).joined()
    }.joined()
  }

  /// The links to a symbol and to others of the same name.
  private func symbolLinks(_ path: String) -> [String] {
    let found = graph.symbols.filter { $0.isOutermost && $0.path == path }
    return found.count > 1 ? found.map { "\(path)-\($0.hash)" } : [path]
  }

  /// The pages beside the one that stands for its folder.
  private func contents(of article: Article, among articles: [Article]) -> String {
    guard article.path.hasSuffix("/README.md") else { return "" }
    let beside = articles.filter { $0.folder == article.folder && $0.path != article.path }
    return "\n## Topics\n\n### Pages\n\n"
      + beside.map { "- <doc:\($0.name)>\n" }.joined()
  }

  private static func name(of section: Reference.Section) -> String {
    "reference-" + section.title.lowercased().split { !$0.isLetter }.joined(separator: "-")
  }
}
