import Testing

/// The first line of a block of code that no file has in this order; none where the block stands
/// in a file as it is.
///
/// Indentation, blank lines and lines between imports do not count. Imports may stand anywhere in
/// the file.
func firstMissingLine(of block: Page.Block, in sources: [Page]) -> (line: Int, text: String)? {
  let wanted = block.lines.enumerated().map { (line: block.start + $0, text: trimmed($1)) }
    .filter { !$0.text.isEmpty }
  let imports = wanted.filter { $0.text.hasPrefix("import ") }
  let code = wanted.filter { !$0.text.hasPrefix("import ") }
  var best = 0
  for source in sources {
    let lines = source.lines.map(trimmed).filter { !$0.isEmpty }
    guard imports.allSatisfy({ lines.contains($0.text) }) else { continue }
    for start in lines.indices {
      let length = zip(lines[start...], code).prefix { $0 == $1.text }.count
      best = max(best, length)
      if best == code.count { return nil }
    }
  }
  return code.isEmpty ? imports.first : code[best]
}

private func trimmed(_ line: String) -> String {
  line.trimmingCharacters(in: .whitespaces)
}

/// Whether a block is a part of a manifest, which no test can contain.
private func isManifest(_ block: Page.Block) -> Bool {
  block.lines.contains { $0.contains(".package(") || $0.contains("PackageDescription") }
}

/// The code in the documentation is code that the tests compile and run.
@Suite struct SnippetLaws {
  @Test func `every piece of Swift stands in the tests or in the sources`() {
    let tests = Repository.sources(under: "Tests/DocumentationTests")
    // A piece that shows how the library itself is written is a quotation of it.
    let sources = Repository.sources(under: "Sources")
    for page in Repository.pages {
      for block in page.blocks where block.language == "swift" && !isManifest(block) {
        guard firstMissingLine(of: block, in: tests) != nil,
          let missing = firstMissingLine(of: block, in: tests + sources)
        else { continue }
        Issue.record("\(page.path):\(missing.line): no test contains '\(missing.text)' there")
      }
    }
  }

  @Test func `every plan that is shown stands in the tests`() {
    let tests = Repository.sources(under: "Tests/DocumentationTests")
    for page in Repository.pages {
      for block in page.blocks where block.lines.first?.hasPrefix("plan:") == true {
        guard let missing = firstMissingLine(of: block, in: tests) else { continue }
        Issue.record("\(page.path):\(missing.line): no test expects '\(missing.text)'")
      }
    }
  }

  @Test func `every fence is closed and names its language`() {
    for page in Repository.pages {
      #expect(page.lines.count { $0.hasPrefix("```") } % 2 == 0, "\(page.path)")
      for block in page.blocks where block.language.isEmpty {
        Issue.record("\(page.path):\(block.start - 1): a fence without a language")
      }
    }
  }

  @Test func `a missing line is named`() {
    let source = Page(
      path: "a.swift", lines: ["import A", "", "  let a = 1", "", "    let b = 2", "  let d = 4"])
    func missing(_ lines: String...) -> Int? {
      firstMissingLine(of: Page.Block(language: "swift", lines: lines, start: 10), in: [source])?
        .line
    }
    #expect(missing("let a = 1", "  let b = 2") == nil)
    #expect(missing("import A", "", "let b = 2", "", "let d = 4") == nil)
    #expect(missing("let a = 1", "let c = 3", "let d = 4") == 11)
    #expect(missing("let a = 1", "let d = 4") == 11)
    #expect(missing("import B", "let a = 1") == 11)
    #expect(missing("import B") == 10)
  }

  @Test func `blocks and tables of a page are found`() {
    let page = Page(
      path: "a.md",
      lines: ["# A", "```swift", "let a = 1", "```", "| x | y |", "|---|:-:|", "| 1 | `b` |", ""])
    #expect(page.blocks.map(\.start) == [3])
    #expect(page.blocks.map(\.lines) == [["let a = 1"]])
    #expect(page.tableRows == [["1", "`b`"]])
  }
}
