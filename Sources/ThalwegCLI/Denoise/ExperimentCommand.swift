import ArgumentParser

/// `thalweg experiment`: what the documentation says of trained diffusion, measured again.
struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Train diffusion networks and compare them.",
    subcommands: [DenoisingCommand.self, InpaintingCommand.self, SkipsCommand.self])
}
