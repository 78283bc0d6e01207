import DocumentationWriter
import Foundation

/// Writes and checks what is said of public symbols.
///
/// `scripts/documentation.sh` runs it.
@main
enum Documentation {
  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    guard arguments.count == 3 else {
      throw Usage(description: "usage: documentation catalog|api|check SYMBOLS OUTPUT")
    }
    let graph = try SymbolGraph(folder: URL(filePath: arguments[1]))
    let output = URL(filePath: arguments[2])
    switch arguments[0] {
    case "catalog":
      let missing = PublicInterface.undocumented(graph)
      guard missing.isEmpty else {
        throw DocumentationError.problems(missing.map { "\($0) has no documentation comment" })
      }
      try Catalog(of: URL(filePath: FileManager.default.currentDirectoryPath), graph)
        .write(to: output)
    case "api":
      try PublicInterface(graph).text.write(to: output, atomically: true, encoding: .utf8)
    case "check":
      try check(PublicInterface(graph), against: output)
    default:
      throw Usage(description: "documentation: there is no \(arguments[0])")
    }
  }

  private static func check(_ interface: PublicInterface, against file: URL) throws {
    let stored = PublicInterface(text: try String(contentsOf: file, encoding: .utf8))
    let (removed, added) = stored.difference(to: interface)
    guard !removed.isEmpty || !added.isEmpty else {
      return print("\(interface.lines.count) public symbols, as docs/api.txt has them")
    }
    for line in removed { print("- \(line)") }
    for line in added { print("+ \(line)") }
    throw DocumentationError.problems([
      "docs/api.txt is not what the code has: \(removed.count) lines are gone or changed,"
        + " \(added.count) are new; `make api` writes it, CONTRIBUTING.md says what it means"
    ])
  }
}

/// How the program is called.
struct Usage: Error, CustomStringConvertible {
  let description: String
}
