import Testing

/// The most lines a source file, a test file and a function body may have.
private let sourceLimit = 300
private let testLimit = 400
private let bodyLimit = 40

/// Tables of data, which may be as long as they are.
private let dataTables: Set<String> = ["OptdigitsTraining.swift", "OptdigitsTest.swift"]

/// A file that is longer than files of its kind may be.
func overlongFile(_ file: SourceFile) -> [Offence] {
  let isCode = [".swift", ".c", ".h"].contains { file.path.hasSuffix($0) }
  guard isCode, !dataTables.contains(file.name) else { return [] }
  let limit = file.path.hasPrefix("Tests/") ? testLimit : sourceLimit
  let count = file.lines.count
  guard count > limit else { return [] }
  return [Offence(file.path, limit + 1, "the file has \(count) lines, the limit is \(limit)")]
}

/// The functions and initialisers of a file whose bodies are too long.
func overlongFunctions(_ file: SourceFile) -> [Offence] {
  guard file.isSwift else { return [] }
  return functionBodies(in: file.text).filter { $0.lines > bodyLimit }.map {
    Offence(file.path, $0.line, "the body has \($0.lines) lines, the limit is \(bodyLimit)")
  }
}

/// Where a function is declared and how many lines lie between its braces.
struct FunctionBody: Equatable {
  let line: Int
  let lines: Int
}

/// The bodies of all `func` and `init` in Swift source; nested ones count alone and in the outer one.
func functionBodies(in source: String) -> [FunctionBody] {
  let code = Array(blanked(source).utf8)
  var bodies: [FunctionBody] = []
  var line = 1
  var position = 0
  while position < code.count {
    let word = wordEnd(in: code, from: position)
    guard word > position else {
      line += code[position] == UInt8(ascii: "\n") ? 1 : 0
      position += 1
      continue
    }
    if declaresFunction(code, position..<word), let brace = openingBrace(in: code, after: word) {
      let start = line + lineBreaks(in: code[word..<brace])
      let end = start + lineBreaks(in: code[brace..<closingBrace(in: code, of: brace)])
      bodies.append(FunctionBody(line: line, lines: max(0, end - start - 1)))
    }
    position = word
  }
  return bodies
}

private func wordEnd(in code: [UInt8], from start: Int) -> Int {
  code[start...].firstIndex { !isWordByte($0) } ?? code.count
}

private func lineBreaks(in code: ArraySlice<UInt8>) -> Int {
  code.count { $0 == UInt8(ascii: "\n") }
}

private func text(_ code: [UInt8], _ range: Range<Int>) -> String {
  String(decoding: code[range], as: UTF8.self)
}

/// Whether a word is `func`, or an `init` that is declared and not called or a label.
private func declaresFunction(_ code: [UInt8], _ word: Range<Int>) -> Bool {
  guard text(code, word) == "init" else { return text(code, word) == "func" }
  let before = code[..<word.lowerBound].last { $0 > UInt8(ascii: " ") }
  let after = code[word.upperBound...].first { !"?! \n".utf8.contains($0) }
  return before != UInt8(ascii: ".") && after.map { "(<".utf8.contains($0) } == true
}

/// Words that begin the next declaration, so that the one before them had no body.
private let declarationWords: Set<String> = [
  "actor", "associatedtype", "case", "class", "deinit", "enum", "extension", "fileprivate",
  "final", "func", "import", "init", "internal", "let", "mutating", "nonmutating", "override",
  "package", "private", "protocol", "public", "static", "struct", "subscript", "typealias", "var",
]

/// The brace that opens the body of a function, none for a requirement of a protocol.
private func openingBrace(in code: [UInt8], after start: Int) -> Int? {
  var depth = 0
  var position = start
  while position < code.count {
    let word = wordEnd(in: code, from: position)
    if word > position {
      if depth == 0, declarationWords.contains(text(code, position..<word)) { return nil }
      position = word
      continue
    }
    switch code[position] {
    case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
    case UInt8(ascii: "{") where depth == 0: return position
    case UInt8(ascii: "}") where depth == 0: return nil
    default: break
    }
    position += 1
  }
  return nil
}

private func closingBrace(in code: [UInt8], of opening: Int) -> Int {
  var depth = 0
  for position in opening..<code.count {
    if code[position] == UInt8(ascii: "{") { depth += 1 }
    if code[position] == UInt8(ascii: "}") { depth -= 1 }
    if depth == 0 { return position }
  }
  return code.count
}

@Suite struct LengthLaws {
  @Test func `no file is over its limit`() {
    expectNone(SourceTree.shared.files.flatMap(overlongFile))
  }

  @Test func `no function body in the sources is over forty lines`() {
    let files = ["Sources", "Examples", "Tools"].flatMap(SourceTree.shared.swiftFiles)
    expectNone(files.flatMap(overlongFunctions))
  }

  @Test func `an overlong file is found`() {
    func file(_ path: String, lines: Int) -> SourceFile {
      SourceFile(path, String(repeating: "//\n", count: lines))
    }
    #expect(overlongFile(file("Sources/A/B.swift", lines: 300)).isEmpty)
    #expect(overlongFile(file("Sources/A/B.swift", lines: 301)).map(\.line) == [301])
    #expect(overlongFile(file("Sources/CA/b.c", lines: 301)).count == 1)
    #expect(overlongFile(file("Tests/ATests/B.swift", lines: 400)).isEmpty)
    #expect(overlongFile(file("Tests/ATests/B.swift", lines: 401)).count == 1)
    #expect(overlongFile(file("Sources/A/Data/OptdigitsTest.swift", lines: 9_000)).isEmpty)
    #expect(overlongFile(file("docs/integrators.md", lines: 9_000)).isEmpty)
  }

  @Test func `an overlong function is found where it is declared`() {
    let lines = String(repeating: "    x += 1\n", count: 41)
    let long = "struct A {\n  init?(_ x: Int) {\n\(lines)  }\n  func f() {}\n}\n"
    let offences = overlongFunctions(SourceFile("Sources/A/A.swift", long))
    #expect(offences.map(\.line) == [2])
    let allowed = long.replacing("    x += 1\n", with: "", maxReplacements: 1)
    #expect(overlongFunctions(SourceFile("Sources/A/A.swift", allowed)).isEmpty)
  }

  @Test(arguments: [
    ("func f() { 1 }", [0]),
    ("func f(\n  _ g: (Int) -> Int = { $0 }\n) -> [Int] where A: B\n{\n  1\n  2\n}", [2]),
    ("static func < (a: A, b: A) -> Bool {\n  true\n}", [1]),
    ("func `a } b`() {\n  \"}\"  // }\n  1\n}", [2]),
    ("func f() {\n  func g() {\n    1\n  }\n}", [3, 1]),
    ("protocol P {\n  func f() -> Int\n  var g: Int { get }\n  init(a: Int)\n}\n", []),
    ("protocol P {\n  func f()\n}\nfunc g() {\n  1\n}", [1]),
    ("let a = A.init(b) { 1 }\nf(init: 3) { 2 }\nself.init(\n) ", []),
    ("init<T>(_ a: T) {\n\n}", [1]),
  ])
  func `bodies are measured between their braces`(source: String, expected: [Int]) {
    #expect(functionBodies(in: source).map(\.lines) == expected)
  }
}
