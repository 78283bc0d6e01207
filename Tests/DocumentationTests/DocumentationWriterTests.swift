import DocumentationWriter
import Foundation
import Testing

/// What `make docs` and `make api` write.
@Suite struct DocumentationWriterTests {
  /// A graph with a type that conforms to a protocol, a function in two forms, and a member.
  private static let json = """
    {"symbols": [
      {"kind": {"identifier": "swift.struct"}, "identifier": {"precise": "s:A"},
       "pathComponents": ["A"], "docComment": {"lines": [{"text": "An A."}]},
       "declarationFragments": [{"spelling": "struct"}, {"spelling": " A"}]},
      {"kind": {"identifier": "swift.property"}, "identifier": {"precise": "s:A.b"},
       "pathComponents": ["A", "b"],
       "declarationFragments": [{"spelling": "var b:"}, {"spelling": "\\n  Int"}]},
      {"kind": {"identifier": "swift.func"}, "identifier": {"precise": "s:f1"},
       "pathComponents": ["f(_:)"], "docComment": {"lines": [{"text": "One f."}]},
       "declarationFragments": [{"spelling": "func f(_ a: A)"}]},
      {"kind": {"identifier": "swift.func"}, "identifier": {"precise": "s:f2"},
       "pathComponents": ["f(_:)"], "docComment": {"lines": [{"text": "Another f."}]},
       "declarationFragments": [{"spelling": "func f(_ a: Int)"}]}],
     "relationships": [
      {"kind": "conformsTo", "source": "s:A", "target": "s:SH", "targetFallback": "Swift.Hashable"},
      {"kind": "conformsTo", "source": "s:A", "target": "s:C", "targetFallback": "Swift.Copyable"},
      {"kind": "memberOf", "source": "s:A.b", "target": "s:A"}]}
    """
  private func graph() throws -> SymbolGraph { try SymbolGraph(json: Data(Self.json.utf8)) }

  @Test func `the interface has a line for each symbol`() throws {
    let interface = PublicInterface(try graph())
    #expect(
      interface.lines == [
        "A.b: var b: Int", "A: struct A  // Hashable", "f(_:): func f(_ a: A)",
        "f(_:): func f(_ a: Int)",
      ])
    #expect(PublicInterface(text: interface.text) == interface)
    #expect(PublicInterface.undocumented(try graph()) == ["A.b"])
  }

  @Test func `what is gone and what is new is told apart`() throws {
    let before = PublicInterface(lines: ["A: struct A", "B: struct B", "C: struct C"])
    let after = PublicInterface(lines: ["C: struct C", "A: struct A  // Hashable", "B: struct B"])
    let (removed, added) = before.difference(to: after)
    #expect(removed == ["A: struct A"] && added == ["A: struct A  // Hashable"])
  }

  @Test func `groups that miss something or name it twice are found`() throws {
    let page = """
      # Reference
      ## Pages
      ### First
      - [One](one.md)
      - [Two](../two.md)
      ## Symbols
      What there is.
      ### Types
      `A` `f(_:)`
      """
    let graph = try graph()
    let pages: Set<String> = ["docs/one.md", "two.md"]
    #expect(Reference(text: page, folder: "docs").problems(pages: pages, graph: graph).isEmpty)
    let wrong = page.replacing("`f(_:)`", with: "`A` `g`").replacing("one.md", with: "no.md")
    #expect(
      Reference(text: wrong, folder: "docs").problems(pages: pages, graph: graph) == [
        "docs/reference.md does not list docs/one.md",
        "docs/reference.md lists docs/no.md, which there is not",
        "docs/reference.md does not list f(_:)", "docs/reference.md lists A twice",
        "docs/reference.md lists g, which there is not",
      ])
  }

  @Test func `pages become articles`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thalweg-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [
      "README.md": "# T\n\nAll of `A`.\n\n## More\n", "CHANGELOG.md": "# C\n",
      "CONTRIBUTING.md": "# C\n", "Examples/README.md": "# E\n",
      "docs/decisions/README.md": "# D\n", "docs/decisions/0001-one.md": "# 1\n",
      "docs/one.md": """
      # One `A`

      [Two](two.md#in-two), `A`, `b`, [a source](../Sources/A.swift), [decisions](decisions),
      [web](https://example.org), ![p](pictures/x/y.svg), [below](#a-part)

      ## A part
      ```swift
      let a = `A`  // [Two](two.md)
      ```
      """,
      "docs/two.md": "# Two\n## In two\n- <a id=\"here\"></a>B\n",
      "docs/pictures/x/y.svg": "<?xml?>\n<svg viewBox=\"0 0 640 480.5\">\n<g/></svg>",
      "docs/reference.md": """
      # R
      ## Pages
      ### All
      [1](one.md) [Second](two.md) [D](decisions/README.md) [E](../Examples/README.md)
      [C](../CHANGELOG.md) [C](../CONTRIBUTING.md)
      ## Types
      ### Of them
      `A` `f(_:)`
      """,
    ]
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: false, encoding: .utf8)
    }
    let catalog = try Catalog(of: folder, try graph())
    #expect(
      catalog.files["guide-one.md"] == """
        # 1

        [Two](doc:guide-two#In-two), ``A``, `b`, a source, [decisions](doc:all-decisions),
        [web](https://example.org), ![p](x-y.svg), [below](doc:guide-one#A-part)

        ## A part
        ```swift
        let a = `A`  // [Two](two.md)
        ```

        """)
    #expect(catalog.files["guide-two.md"] == "# Second\n## In two\n- B\n\n")
    #expect(catalog.files["all-decisions.md"]?.contains("- <doc:decision-0001-one>") == true)
    #expect(catalog.pictures.keys.sorted() == ["x-y.svg"])
    try catalog.write(to: folder.appending(path: "out"))
    let picture = folder.appending(path: "out/Resources/x-y.svg")
    #expect(
      try String(contentsOf: picture, encoding: .utf8)
        == "<?xml?>\n<svg viewBox=\"0 0 640 480.5\" width=\"640\" height=\"480.5\">\n<g/></svg>")
    let front = try #require(catalog.files["Thalweg.md"])
    #expect(front.contains("All of ``A``.") && !front.contains("More"))
    #expect(front.contains("### All\n\n- <doc:guide-one>\n- <doc:guide-two>"))
    let types = try #require(catalog.files["reference-types.md"])
    #expect(types.contains("- ``A``\n- ``f(_:)-") && !types.contains("``f(_:)``"))
  }
}
