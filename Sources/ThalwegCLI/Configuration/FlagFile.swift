import Foundation
import Yams

/// Flags of a command in a file of YAML, a line for each: `learning-rate: 0.01`.
///
/// What has no flag is under `arguments`. JSON is YAML too.
package struct FlagFile {
  /// What stands behind the name of a flag.
  package enum Value: Equatable {
    case word(String)
    case words([String])
    case flag(Bool)
  }

  /// A flag without its dashes, and what it is set to.
  package struct Entry: Equatable {
    package let name: String
    package let value: Value

    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  package let entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }

  /// Reads a file.
  ///
  /// - Errors: `FlagFileError` with the line and what was expected there.
  package init(bytes: [UInt8]) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FlagFileError(line: nil, reason: "its bytes are no text in UTF-8")
    }
    // Names for parts of the file, used in parts that have names, can make a small file unfold to a huge one.
    guard bytes.count <= 1 << 16, text.count(where: { $0 == "*" }) <= 8 else {
      throw FlagFileError(line: nil, reason: "it is longer, or has more *, than flags can need")
    }
    let root: Node?
    do {
      root = try compose(yaml: text)
    } catch let error as YamlError {
      throw FlagFileError(error)
    }
    guard let root else { throw FlagFileError(line: nil, reason: "it is empty") }
    guard let mapping = root.mapping else {
      throw FlagFileError(line: root.mark?.line, reason: "no name of a flag, as 'epochs: 12'")
    }
    entries = try mapping.compactMap { try Self.entry($0.key, $0.value) }
  }

  private static func entry(_ key: Node, _ node: Node) throws -> Entry? {
    guard let name = key.scalar?.string, name.wholeMatch(of: /[a-z][a-z0-9-]*/) != nil else {
      throw FlagFileError(line: key.mark?.line, reason: "no name of a flag, as 'epochs: 12'")
    }
    if let value = node.bool { return Entry(name: name, value: .flag(value)) }
    if node.null != nil { return nil }
    if let word = node.scalar?.string { return Entry(name: name, value: .word(word)) }
    let words = node.sequence?.compactMap { $0.scalar?.string }
    guard let words, words.count == node.sequence?.count else {
      throw FlagFileError(
        line: key.mark?.line, reason: "'\(name)' is neither a word nor a list of words")
    }
    return Entry(name: name, value: .words(words))
  }

  /// The file as text, which reads as the same flags.
  package func text() throws -> String {
    let pairs = entries.map { (Node($0.name), Self.node($0.value)) }
    return try serialize(node: Node(pairs), allowUnicode: true)
  }

  private static func node(_ value: Value) -> Node {
    switch value {
    case .word(let word): node(word)
    case .words(let words): Node(words.map(node))
    case .flag(let value): Node(value ? "true" : "false")
    }
  }

  /// A word, in quotes where it would be read as something else.
  private static func node(_ word: String) -> Node {
    let plain = Node(word)
    guard plain.bool != nil || plain.null != nil else { return plain }
    return .scalar(Node.Scalar(word, .implicit, .doubleQuoted))
  }
}

/// Why a file of flags cannot be read.
package struct FlagFileError: Error, CustomStringConvertible {
  let line: Int?
  let reason: String

  init(line: Int?, reason: String) {
    self.line = line
    self.reason = reason
  }

  init(_ error: YamlError) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(line: mark.line, reason: problem)
    case .reader(let problem, _, _, _): self.init(line: nil, reason: problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      self.init(
        line: context.mark.line, reason: "\(duplicates.joined(separator: ", ")) more than once")
    default: self.init(line: nil, reason: "it is no YAML")
    }
  }

  package var description: String {
    (line.map { "line \($0): " } ?? "") + reason.replacing("\n", with: " ")
  }
}
