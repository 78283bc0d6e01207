import Testing

/// What stands between backticks in a line, outside of fences.
private func codeSpans(_ line: String) -> [String] {
  line.matches(of: /`([^`]+)`/).map { String($0.1) }
}

/// The lines of a page that are no code, with their numbers.
private func prose(_ page: Page) -> [(number: Int, text: String)] {
  let code = Set(page.blocks.flatMap { Array($0.start...$0.start + $0.lines.count) })
  return page.lines.enumerated().map { ($0 + 1, $1) }.filter { !code.contains($0.0) }
}

/// The name by which a heading is linked to.
private func anchor(_ heading: String) -> String {
  heading.drop { $0 == "#" || $0 == " " }.lowercased().filter {
    $0.isLetter || $0.isNumber || $0 == " " || $0 == "-"
  }.replacing(" ", with: "-")
}

/// What the pages refer to is there.
@Suite struct ReferenceLaws {
  @Test func `every file that is named exists`() {
    for page in Repository.pages {
      for line in prose(page) {
        for span in codeSpans(line.text)
        where ["Sources/", "Tests/", "docs/"].contains(where: span.hasPrefix) {
          // Recipes name a file that the reader is about to write.
          let isExample = ["TripleJump.swift", "LayerNormalization.swift"].contains {
            span.hasSuffix($0)
          }
          guard !isExample, !Repository.contains(span) else { continue }
          Issue.record("\(page.path):\(line.number): there is no \(span)")
        }
      }
    }
  }

  @Test func `every name in a table exists`() {
    let folders = ["Sources", "Tests/DocumentationTests"]
    var words: Set<Substring> = []
    for source in folders.flatMap(Repository.sources) {
      words.formUnion(names(in: source.path))
      for line in source.lines { words.formUnion(names(in: line)) }
    }
    for page in Repository.pages where !page.path.hasPrefix("docs/decisions") {
      for cell in page.tableRows.flatMap(\.self) {
        for name in codeSpans(cell).flatMap(names) where name.count > 2 {
          guard !words.contains(name), !Repository.contains("Sources/\(name)") else { continue }
          Issue.record("\(page.path): '\(name)' in a table is the name of nothing")
        }
      }
    }
  }

  private func names(in text: String) -> [Substring] {
    text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
  }

  @Test func `every part of a page that is linked to exists`() {
    for page in Repository.pages {
      for line in prose(page) {
        for link in line.text.matches(of: /\]\(([^)#\s]*)#([^)\s]+)\)/) {
          let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
          let path = link.1.isEmpty ? page.path : resolved(String(link.1), in: folder)
          let lines = Repository.page(path).lines
          let anchors = lines.filter { $0.hasPrefix("#") }.map(anchor)
          let isThere =
            anchors.contains(String(link.2)) || lines.contains { $0.contains("id=\"\(link.2)\"") }
          if !isThere { Issue.record("\(page.path):\(line.number): no part \(link.2) in \(path)") }
        }
      }
    }
  }

  private func resolved(_ target: String, in folder: String) -> String {
    var parts = folder.split(separator: "/").map(String.init)
    for part in target.split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }

  @Test func `every public type is in a group of the reference`() {
    let listed = Set(Repository.page("docs/reference.md").lines.flatMap(codeSpans))
    let outside = ["Sources/ThalwegLaws/", "Sources/ThalwegCLI/"]
    for source in Repository.sources(under: "Sources") {
      guard !outside.contains(where: source.path.hasPrefix) else { continue }
      for line in source.lines where line.hasPrefix("public ") {
        let type = line.firstMatch(of: /^public (?:\w+ )*?(?:struct|class|enum|protocol) (\w+)/)
        guard let name = type.map({ String($0.1) }), !listed.contains(name) else { continue }
        Issue.record("\(source.path): docs/reference.md lists \(name) in no group")
      }
    }
  }

  @Test func `every decision is in the list`() {
    let folder = "docs/decisions"
    let list = Repository.page("\(folder)/README.md").tableRows.map { $0.joined(separator: " ") }
    let files = Repository.files(under: folder).filter { !$0.hasSuffix("README.md") }
    let expected = files.map { file in
      let number = Int(file.dropFirst(folder.count + 1).prefix(4)) ?? 0
      let title = Repository.page(file).lines[0].replacing("# \(number). ", with: "")
      return "\(number) [\(title)](\(file.dropFirst(folder.count + 1)))"
    }
    #expect(list == expected)
  }

  @Test func `the methods of the front page are those of their own page`() throws {
    let methods = Repository.page("docs/integrators.md").tableRows.filter { $0.count == 9 }
    let rows = Repository.page("README.md").tableRows.filter { $0.count == 7 }
    #expect(rows.count >= 10)
    for row in rows {
      let name = try #require(codeSpans(row[0]).first)
      let method = try #require(
        methods.last { $0[1].hasPrefix("`\(name)`") || $0[1].hasPrefix("`\(name)()`") }, "\(name)")
      #expect(row[2].contains(method[3]) && row[3] == method[4], "\(name)")
      for (said, exact) in [(row[4], method[5]), (row[5], method[6])] where said != exact {
        let (a, b) = (try #require(Double(said)), try #require(Double(exact)))
        #expect(abs(a - b) < 0.006, "\(name): \(said) for \(exact)")
      }
      #expect(row[6] == method[7], "\(name)")
    }
  }
}
