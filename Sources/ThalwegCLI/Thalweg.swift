import ArgumentParser
import Foundation

/// The command line tool.
@main
struct Thalweg: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thalweg",
    abstract: "Networks whose depth is time: train, check and measure them.",
    discussion: """
      EXAMPLES
        thalweg train                     train on the digits that come along
        thalweg train --network parabolic --integrator rk4 --steps 8
        thalweg train --resume runs/optdigits-hamiltonian
        thalweg predict runs/optdigits-hamiltonian digit.png
        thalweg spectrum runs/optdigits-hamiltonian
        thalweg denoise photo.jpg -o clean.png
        thalweg doctor                    what is used of this machine

      Words completed by the shell, here bash; also zsh and fish:
        source <(thalweg --generate-completion-script bash)

      Exit status: 0 success, 64 wrong flags or values, 65 wrong data or weights, 73 a file that \
      cannot be written, 74 a result that cannot be, 130 interrupted, 1 anything else.
      """,
    version: "0.1.0",
    subcommands: [
      TrainCommand.self, PredictCommand.self, ExportCommand.self, RobustnessCommand.self,
      SpectrumCommand.self, CheckCommand.self, SolveCommand.self, DenoiseCommand.self,
      ExperimentCommand.self, BenchCommand.self, DoctorCommand.self,
    ])

  static func main() {
    // A file that grows beyond a limit is then an error of writing like others.
    signal(SIGXFSZ, SIG_IGN)
    let arguments = joiningNegativeNumbers(Array(CommandLine.arguments.dropFirst()))
    do {
      try CommandPath(in: arguments).validate(arguments)
      var command = try parseAsRoot(FlagFile.expanded(arguments))
      try command.run()
      guard fflush(nil) == 0 else {
        throw Failure("the result cannot be written to the standard output", status: 74)
      }
    } catch {
      leave(after: error, of: arguments)
    }
  }

  /// Reports an error on one line and ends the program with the status that fits it.
  private static func leave(after error: any Error, of arguments: [String]) -> Never {
    if let failure = Failure(error) {
      // Without a message all has been said before.
      if !failure.message.isEmpty {
        FileHandle.standardError.write(Data("thalweg: error: \(failure.message)\n".utf8))
      }
      Foundation.exit(failure.status)
    }
    guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
    // The first line says what is wrong; the usage would bury it.
    let message = message(for: error).split(separator: "\n").first ?? "wrong arguments"
    let hint = "see '\(CommandPath(in: arguments).title(of: arguments)) --help'"
    FileHandle.standardError.write(Data("thalweg: error: \(message); \(hint)\n".utf8))
    Foundation.exit(64)
  }
}
