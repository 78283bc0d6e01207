import ArgumentParser
import ThalwegTraining

/// `thalweg doctor`: what the tool finds on this machine, and what makes it slow.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is used of this machine, and what makes it slow.",
    discussion: """
      Names the processor and the instructions that kernels are chosen for, the version of OpenBLAS \
      and the processor it takes this one for, threads, memory, and gnuplot, which draws some of \
      the pictures. What makes the tool slow is said below, with how to mend it.

      EXAMPLES
        thalweg doctor
        thalweg doctor --json
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let report = MachineReport()
    print(json ? "\(report.json)" : report.text)
  }
}
