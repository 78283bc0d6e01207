import ArgumentParser

/// `thalweg experiment`: what the papers and the documentation show, measured again.
struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Repeat an experiment of the two papers.",
    discussion: """
      EXAMPLES
        thalweg experiment points swiss-roll
        thalweg experiment robustness
        thalweg experiment denoising pictures --output runs/denoising
      """,
    subcommands: [
      PointsCommand.self, ImagesCommand.self, RobustnessExperimentCommand.self,
      DenoisingCommand.self, SignalsCommand.self, InpaintingCommand.self, SkipsCommand.self,
    ])
}
