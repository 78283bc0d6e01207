/// What articles can lead to.
struct Links {
  private let headings: [String: Headings]
  private let names: [String: String]
  private let types: Set<String>

  /// The links among pages and to types.
  init(articles: [Article], graph: SymbolGraph) {
    headings = Dictionary(
      articles.map { ($0.path, Headings($0.text)) }, uniquingKeysWith: { first, _ in first })
    let front = ["README.md", "docs/reference.md"].map { ($0, "Thalweg") }
    names = Dictionary(
      articles.map { ($0.path, $0.name) } + front, uniquingKeysWith: { first, _ in first })
    types = Set(graph.symbols.filter { $0.isOutermost && $0.isType }.map(\.path))
  }

  /// Code, which leads to a type if it is the name of one and stands in no heading.
  func code(_ text: String, after before: Substring) -> String {
    let line = before.suffix(while: { $0 != "\n" })
    return types.contains(text) && !line.hasPrefix("#") ? "``\(text)``" : "`\(text)`"
  }

  /// A link from a page; its label alone where there is no such article.
  func link(_ label: String, to target: String, on page: Article) -> String {
    if target.contains("://") || target.hasPrefix("mailto:") { return "[\(label)](\(target))" }
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts[0].isEmpty ? page.path : resolved(String(parts[0]), from: page.folder)
    let anchor = parts.count > 1 ? String(parts[1]) : ""
    if path.hasSuffix(".svg") {
      // A picture that leads to itself.
      return label.replacing(/\]\(([^)]+)\)/) {
        "](\(picture(resolved(String($0.1), from: page.folder))))"
      }
    }
    guard let name = names[path] ?? names[path + "/README.md"] ?? example(path) else {
      return label
    }
    return "[\(label)](doc:\(name)\(headings[path]?.fragment(for: anchor) ?? ""))"
  }

  /// The name of the article that a file became.
  func name(of path: String) -> String { names[path] ?? path }

  /// The name of a picture among all of them.
  func picture(_ path: String) -> String {
    resolved(path, from: "").replacing("docs/pictures/", with: "").replacing("/", with: "-")
  }

  /// The article of an example, which a link to one of its files means.
  private func example(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 1 && parts[0] == "Examples"
      ? names["Examples/\(parts[1])"] : nil
  }
}

extension Substring {
  /// The last characters as long as they satisfy a condition.
  fileprivate func suffix(while condition: (Character) -> Bool) -> Substring {
    self[(lastIndex { !condition($0) }.map(index(after:)) ?? startIndex)...]
  }
}
