import ArgumentParser

/// The command that the first words of the arguments name.
struct CommandPath {
  let command: any ParsableCommand.Type
  /// How many words it takes to say so.
  let depth: Int
  /// The word behind them, if the command has others below it and this is none of them.
  let unknown: String?

  init(in arguments: [String]) {
    var (command, depth): (any ParsableCommand.Type, Int) = (Thalweg.self, 0)
    while depth < arguments.count,
      let next = command.configuration.subcommands.first(where: {
        $0.configuration.commandName == arguments[depth]
      })
    { (command, depth) = (next, depth + 1) }
    (self.command, self.depth) = (command, depth)
    let word = arguments.dropFirst(depth).first
    let isCommand = command.configuration.subcommands.isEmpty || word == "help"
    unknown = isCommand || word?.hasPrefix("-") ?? true ? nil : word
  }

  /// The command as it is typed.
  func title(of arguments: [String]) -> String {
    (["thalweg"] + arguments.prefix(depth)).joined(separator: " ")
  }

  /// - Errors: ``Failure`` where a word should be a command and is none.
  func validate(_ arguments: [String]) throws {
    if arguments.first == "help" {
      let named = Array(arguments.dropFirst())
      return try CommandPath(in: named).validate(named)
    }
    guard let unknown else { return }
    let names = command.configuration.subcommands.compactMap { $0.configuration.commandName }
    throw Failure.usage(
      "\(title(of: arguments)) has no command '\(unknown)'\(names.proposal(for: unknown)); known: "
        + names.joined(separator: ", "))
  }
}
