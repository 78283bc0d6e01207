import ArgumentParser
import Foundation

extension FlagFile {
  /// The arguments of the program, with those flags of the file that `--config` names that are not given.
  static func expanded(_ arguments: [String]) throws -> [String] {
    guard let path = path(in: arguments) else { return arguments }
    let found = CommandPath(in: arguments)
    let (command, depth) = (found.command, found.depth)
    let names = names(of: command)
    guard names.contains("--config") else { return arguments }
    let file = try read(path)
    let given = Array(arguments[depth...])
    var (flags, behind): ([String], [String]) = ([], [])
    for entry in file.entries where entry.name != "arguments" {
      let words = try entry.words(names, of: command, path: path)
      // Of a flag that may be given again, too, the file's are left out.
      if !entry.isGiven(in: given) { flags += words }
    }
    let others = file.entries.first { $0.name == "arguments" }
    // Arguments that are given replace those of the file.
    if let others, given.first?.hasPrefix("-") ?? true, !given.contains("--") {
      // What looks like a flag is for another command, and stands behind --.
      let words: [String] =
        switch others.value {
        case .words(let words): words
        case .word(let word): [word]
        case .flag: []
        }
      if words.contains(where: { $0.hasPrefix("-") }) {
        behind = ["--"] + words
      } else {
        flags += words
      }
    }
    return arguments[..<depth] + flags + given + behind
  }

  /// The value of --config.
  private static func path(in arguments: [String]) -> String? {
    for (index, word) in arguments.enumerated() {
      if word == "--" { return nil }
      if word.hasPrefix("--config=") { return String(word.dropFirst("--config=".count)) }
      if word == "--config" { return arguments.dropFirst(index + 1).first }
    }
    return nil
  }

  /// All that begins with two dashes in the help of a command.
  private static func names(of command: any ParsableCommand.Type) -> Set<String> {
    Set(Thalweg.helpMessage(for: command).matches(of: /--[a-z][a-z0-9-]*/).map { String($0.0) })
  }

  private static func read(_ path: String) throws -> FlagFile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("\(path): it cannot be read; expected the .yaml beside a result", status: 65)
    }
    do {
      return try FlagFile(bytes: Array(data))
    } catch let error as FlagFileError {
      throw Failure(
        "\(path): \(error); expected flags as YAML, a line for each, like 'epochs: 12'", status: 65)
    }
  }
}

extension FlagFile.Entry {
  /// Whether some words set the same flag.
  fileprivate func isGiven(in words: [String]) -> Bool {
    words.prefix { $0 != "--" }.contains { word in
      ["--\(name)", "--no-\(name)"].contains(word) || word.hasPrefix("--\(name)=")
    }
  }

  /// The flag as it would be typed.
  fileprivate func words(
    _ names: Set<String>, of command: any ParsableCommand.Type, path: String
  ) throws -> [String] {
    guard names.contains("--\(name)"), name != "config" else {
      let title = command.configuration.commandName ?? ""
      throw Failure(
        "\(path): '\(name)' is no flag of thalweg \(title); its help lists them", status: 65)
    }
    switch value {
    case .word(let word): return ["--\(name)=\(word)"]
    case .words(let words): return words.map { "--\(name)=\($0)" }
    case .flag(true): return ["--\(name)"]
    case .flag(false): return names.contains("--no-\(name)") ? ["--no-\(name)"] : []
    }
  }
}
