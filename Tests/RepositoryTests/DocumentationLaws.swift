import Testing

/// A public type as its declaration shows it.
struct PublicType: Equatable {
  let kind: String
  let name: String
  let line: Int
  /// The protocols and superclass it is declared with, in the declaration or an extension.
  var conformances: Set<String>
  /// The lines of its documentation comment.
  let documentation: [String]
}

/// The public types of a file; a class's members named by `class func` are none.
func publicTypes(in file: SourceFile) -> [PublicType] {
  let code = blanked(file.text).split(separator: "\n", omittingEmptySubsequences: false)
  let source = file.text.split(separator: "\n", omittingEmptySubsequences: false)
  var types: [PublicType] = []
  var extended: [String: Set<String>] = [:]
  for (index, line) in code.enumerated() {
    guard line.contains("extension") || line.contains("public") || line.contains("open") else {
      continue
    }
    if let name = line.firstMatch(of: /^\s*(?:\S+\s+)*?extension\s+(\w+)/)?.1 {
      extended[String(name), default: []].formUnion(conformances(declaredAt: index, in: code))
    }
    guard let match = line.firstMatch(of: typeDeclaration), match.2 != "func", match.2 != "var"
    else { continue }
    types.append(
      PublicType(
        kind: String(match.1), name: String(match.2), line: index + 1,
        conformances: conformances(declaredAt: index, in: code),
        documentation: documentation(above: index, in: source)))
  }
  for i in types.indices {
    types[i].conformances.formUnion(extended[types[i].name] ?? [])
  }
  return types
}

private var typeDeclaration: Regex<(Substring, Substring, Substring)> {
  /^\s*(?:@\S+\s+|\w+\s+)*?(?:public|open)\s+(?:\w+\s+)*?(struct|class|enum|protocol|actor)\s+(\w+)/
}

/// The names after the colon of a declaration, without what its angle brackets and `where` hold.
private func conformances(declaredAt index: Int, in code: [Substring]) -> Set<String> {
  var header = ""
  for line in code[index...] {
    header += line.prefix { $0 != "{" } + " "
    if line.contains("{") { break }
  }
  var depth = 0
  let plain = header.replacing("->", with: "").filter { character in
    if character == "<" { depth += 1 }
    defer { if character == ">" { depth -= 1 } }
    return depth == 0
  }
  let names = plain.replacing(/\bwhere\b.*/, with: "").drop { $0 != ":" }.dropFirst()
  return Set(names.split { ", &".contains($0) }.map(String.init))
}

/// The `///` lines directly above a declaration and its attributes.
private func documentation(above index: Int, in source: [Substring]) -> [String] {
  var lines: [String] = []
  for line in source[..<index].reversed() {
    let words = line.drop { $0 == " " }
    if words.hasPrefix("///") {
      lines.insert(String(words), at: 0)
    } else if !(lines.isEmpty && words.hasPrefix("@")) {
      break
    }
  }
  return lines
}

/// The public types without a word of documentation.
func undocumentedTypes(_ file: SourceFile) -> [Offence] {
  publicTypes(in: file).filter(\.documentation.isEmpty).map {
    Offence(file.path, $0.line, "public \($0.kind) \($0.name) has no documentation comment")
  }
}

/// The integrators, adjoints and layers that do not say where they come from.
func typesWithoutSource(_ file: SourceFile) -> [Offence] {
  publicTypes(in: file).filter { type in
    needsSource(type, in: file)
      && !type.documentation.contains { $0.firstMatch(of: /^\/\/\/ - Source: \S/) != nil }
  }
  .map { Offence(file.path, $0.line, "\($0.name) does not name its '- Source:'") }
}

/// Layers that only hold other layers and come from no publication.
private let containers: Set<String> = ["Sequential"]

private func needsSource(_ type: PublicType, in file: SourceFile) -> Bool {
  guard type.kind != "protocol" else { return false }
  return switch file.module {
  case "ThalwegIntegrators": type.conformances.contains { $0.hasSuffix("Integrator") }
  case "ThalwegAdjoints": type.name.hasSuffix("Adjoint") && type.name == file.baseName
  case "ThalwegNetworks": type.conformances.contains("Layer") && !containers.contains(type.name)
  default: false
  }
}

@Suite struct DocumentationLaws {
  @Test func `every public type is documented`() {
    expectNone(SourceTree.shared.swiftFiles(under: "Sources").flatMap(undocumentedTypes))
  }

  @Test func `every integrator, adjoint and layer names its source`() {
    expectNone(SourceTree.shared.swiftFiles(under: "Sources").flatMap(typesWithoutSource))
  }

  @Test(arguments: [
    ("/// An A.\npublic struct A {}", []),
    ("public struct A {}", [1]),
    ("// An A.\npublic final class A {}", [2]),
    ("/// An A.\n\npublic enum A {}", [3]),
    ("/// An A.\n@frozen\n@available(*, deprecated)\npublic enum A {}", []),
    ("extension B {\n  public indirect enum A {}\n}", [2]),
    ("@frozen public struct A {}", [1]),
    ("struct A {}\npackage protocol B {}\n// public struct C {}", []),
    ("public func protocols() {}\npublic class func f() {}\npublic var structure = 1", []),
  ])
  func `an undocumented public type is found`(source: String, expected: [Int]) {
    #expect(undocumentedTypes(SourceFile("Sources/A/A.swift", source)).map(\.line) == expected)
  }

  @Test(arguments: [
    ("ThalwegIntegrators/Verlet", "public struct Verlet<F: Field>: ReversibleIntegrator {}", 1),
    ("ThalwegIntegrators/Verlet", "public struct Verlet<F>\n  : Integrator where F: B {}", 1),
    ("ThalwegIntegrators/Verlet", "public struct Verlet {}\nextension Verlet: Integrator {}", 1),
    ("ThalwegIntegrators/Step", "public struct Step<M: Integrator> where M: Integrator {}", 0),
    ("ThalwegIntegrators/Integrator", "public protocol Integrator<Field>: Sendable {}", 0),
    ("ThalwegAdjoints/DirectAdjoint", "public struct DirectAdjoint: Adjoint {}", 1),
    ("ThalwegAdjoints/DirectAdjoint", "public struct Statistics: Sendable {}", 0),
    ("ThalwegNetworks/Dense", "public struct Dense: Layer, Sendable {}", 1),
    ("ThalwegNetworks/Sequential", "public struct Sequential: Layer {}", 0),
    ("ThalwegNetworks/Padding", "public enum Padding: Sendable {}", 0),
  ])
  func `a missing source is found`(file: String, declaration: String, expected: Int) {
    func offences(_ documentation: String) -> [Offence] {
      typesWithoutSource(SourceFile("Sources/\(file).swift", documentation + declaration))
    }
    #expect(offences("/// It is.\n///\n/// - Order: 2.\n").count == expected)
    #expect(offences("/// It is.\n///\n/// - Source: E. Hairer, 2003.\n/// more\n").isEmpty)
  }
}
