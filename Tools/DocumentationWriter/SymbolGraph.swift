package import Foundation

/// What the compiler says of the public symbols of a module.
package struct SymbolGraph: Decodable {
  /// A declaration.
  package struct Symbol: Decodable {
    struct Kind: Decodable { let identifier: String }
    struct Identifier: Decodable { let precise: String }
    struct Comment: Decodable {
      struct Line: Decodable { let text: String }
      let lines: [Line]
    }
    struct Fragment: Decodable { let spelling: String }

    let kind: Kind
    let identifier: Identifier
    let pathComponents: [String]
    let docComment: Comment?
    let declarationFragments: [Fragment]?
  }

  /// A conformance, or what else connects two symbols.
  struct Relationship: Decodable {
    let kind: String
    let source: String
    let target: String
    let targetFallback: String?
  }

  let symbols: [Symbol]
  let relationships: [Relationship]

  /// The graphs of a folder in one.
  package init(folder: URL) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    let parts = try files.filter { $0.lastPathComponent.hasSuffix(".symbols.json") }
      .sorted { $0.path < $1.path }
      .map { try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: $0)) }
    guard !parts.isEmpty else { throw DocumentationError.noSymbols(folder.path) }
    self.init(symbols: parts.flatMap(\.symbols), relationships: parts.flatMap(\.relationships))
  }

  /// Reads a graph as the compiler writes it.
  package init(json: Data) throws {
    self = try JSONDecoder().decode(SymbolGraph.self, from: json)
  }

  private init(symbols: [Symbol], relationships: [Relationship]) {
    self.symbols = symbols
    self.relationships = relationships
  }
}

extension SymbolGraph.Symbol {
  /// Its name with those of the types around it.
  package var path: String { pathComponents.joined(separator: ".") }

  /// Whether it stands in no type.
  package var isOutermost: Bool { pathComponents.count == 1 }

  /// Whether it is a type or a protocol.
  package var isType: Bool {
    ["swift.struct", "swift.class", "swift.enum", "swift.protocol"].contains(kind.identifier)
  }

  /// The declaration on one line.
  package var declaration: String {
    let text = (declarationFragments ?? []).map(\.spelling).joined()
    return text.split { $0 == " " || $0.isNewline }.joined(separator: " ")
  }

  /// The name by which DocC tells it from others of the same path: the FNV-1 hash of its identifier,
  /// folded to 24 bits, to the base 36.
  var hash: String {
    var hash: UInt32 = 2_166_136_261
    for byte in identifier.precise.utf8 { hash = (hash &* 16_777_619) ^ UInt32(byte) }
    return String((hash >> 24) ^ (hash & 0xff_ffff), radix: 36)
  }
}
