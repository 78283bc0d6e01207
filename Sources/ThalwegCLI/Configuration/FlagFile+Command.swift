import ArgumentParser
import ThalwegTraining

extension FlagFile {
  /// What says how, but not what.
  private static let excluded: Set<String> = ["config", "json"]

  /// The flags of a command, those that were not given too.
  ///
  /// Where results are a folder, that is where the file is, and is not named in it; a picture is.
  init(of command: some ParsableCommand, namingOutput: Bool = false) {
    self.init(Self.entries(of: command).filter { namingOutput || $0.name != "output" })
  }

  private static func entries(of group: Any) -> [Entry] {
    var entries: [Entry] = []
    for child in Mirror(reflecting: group).children {
      guard let wrapper = child.value as? any Flagged, let label = child.label else { continue }
      let name = dashed(label)
      guard !excluded.contains(name) else { continue }
      if wrapper.isGroup {
        entries += Self.entries(of: wrapper.contents)
      } else if let value = value(wrapper.contents) {
        entries.append(Entry(name: wrapper.isArgument ? "arguments" : name, value: value))
      }
    }
    return entries
  }

  /// `_learningRate` as `learning-rate`.
  private static func dashed(_ label: String) -> String {
    label.drop { $0 == "_" }.reduce(into: "") { name, letter in
      name += letter.isUppercase ? "-\(letter.lowercased())" : "\(letter)"
    }
  }

  private static func value(_ contents: Any) -> Value? {
    let mirror = Mirror(reflecting: contents)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.flatMap { value($0.value) }
    case .collection:
      return mirror.children.isEmpty ? nil : .words(mirror.children.map { word($0.value) })
    default: return (contents as? Bool).map { .flag($0) } ?? .word(word(contents))
    }
  }

  private static func word(_ value: Any) -> String {
    (value as? any ExpressibleByArgument)?.defaultValueDescription ?? "\(value)"
  }

  /// Writes the file beside results, from where `--config` makes them again.
  func write(to path: String, for command: String) throws {
    let name = (path.split(separator: "/").last ?? "").replacing("\n", with: " ")
    let first =
      "# thalweg \(command) --config \(name) makes it again; flags that are given take precedence.\n"
    try writeAtomically(Array((first + text()).utf8), to: path)
  }
}

/// A wrapper of the argument parser around a property of a command.
private protocol Flagged {
  var contents: Any { get }
  var isGroup: Bool { get }
  var isArgument: Bool { get }
}

extension Flagged {
  fileprivate var isGroup: Bool { false }
  fileprivate var isArgument: Bool { false }
}

extension Option: Flagged {
  fileprivate var contents: Any { wrappedValue }
}

extension Flag: Flagged {
  fileprivate var contents: Any { wrappedValue }
}

extension Argument: Flagged {
  fileprivate var contents: Any { wrappedValue }
  fileprivate var isArgument: Bool { true }
}

extension OptionGroup: Flagged {
  fileprivate var contents: Any { wrappedValue }
  fileprivate var isGroup: Bool { true }
}
