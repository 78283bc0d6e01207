/// The public symbols as lines of text, sorted: what a version number speaks of.
package struct PublicInterface: Equatable {
  /// One line for each symbol: its path and its declaration, of types with their conformances.
  package let lines: [String]

  package init(lines: [String]) { self.lines = lines.sorted() }

  package init(_ graph: SymbolGraph) {
    let paths = Dictionary(
      graph.symbols.map { ($0.identifier.precise, $0.path) },
      uniquingKeysWith: { first, _ in first })
    var conformances: [String: Set<String>] = [:]
    for relation in graph.relationships where relation.kind == "conformsTo" {
      let name = paths[relation.target] ?? relation.targetFallback ?? relation.target
      let word = String(name.split(separator: ".").last ?? "")
      if !Self.implied.contains(word) { conformances[relation.source, default: []].insert(word) }
    }
    self.init(
      lines: graph.symbols.map { symbol in
        let names = conformances[symbol.identifier.precise, default: []].sorted()
        let end = names.isEmpty ? "" : "  // \(names.joined(separator: ", "))"
        return "\(symbol.path): \(symbol.declaration)\(end)"
      })
  }

  /// What all types are unless they say otherwise.
  private static let implied: Set<String> = ["Copyable", "Escapable", "SendableMetatype"]

  /// The interface of a file.
  package init(text: String) {
    self.init(lines: text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") })
  }

  /// The text of a file, with what it is at the beginning.
  package var text: String {
    """
    # Every public symbol, sorted. `make api` writes this file; a change of it is a change of what
    # users of the package see. CONTRIBUTING.md says what it means for the version.

    """ + lines.map { $0 + "\n" }.joined()
  }

  /// The lines that are gone and those that are new.
  package func difference(to other: PublicInterface) -> (removed: [String], added: [String]) {
    var (removed, added): ([String], [String]) = ([], [])
    for change in other.lines.difference(from: lines) {
      switch change {
      case .remove(_, let line, _): removed.append(line)
      case .insert(_, let line, _): added.append(line)
      }
    }
    return (removed.sorted(), added.sorted())
  }

  /// The paths of the symbols that have no documentation comment.
  package static func undocumented(_ graph: SymbolGraph) -> [String] {
    graph.symbols.filter { symbol in
      symbol.docComment?.lines.contains { !$0.text.isEmpty } != true
    }.map(\.path).sorted()
  }
}
