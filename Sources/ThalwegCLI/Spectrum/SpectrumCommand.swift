import ArgumentParser
import Foundation
import ThalwegLaws
import ThalwegNetworks

/// `thalweg spectrum`: eigenvalues and a stability report, with pictures.
struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Report the stability of a network, step by step, or of a standard problem.",
    discussion: """
      The subject is the folder of a run of 'thalweg train', or the name of a problem of 'thalweg \
      solve'; without one, it is a network before training, made as the options say.

      For a network the report has, for each step: the norm of the filters, the eigenvalues of the \
      dynamics against the stability region of the method, the change of the energy, and by how much \
      perturbations grow forth and gradients back; and what follows from that. Pictures with the data \
      behind them are drawn by gnuplot into --output.

      For a problem it has the eigenvalues along the solution, and advice on methods and steps at the \
      largest one, where the step that accuracy asks for is the mean one of radau5 with a tolerance of \
      1e-4, shortened by as much as that eigenvalue exceeds the mean. Stiff problems are judged with \
      radau5 unless --integrator says otherwise.

      COLUMNS
        ||K||              the norm of the filters
        Re from, to, Im    the extent of the eigenvalues l of the dynamics
        |R(hl)|            how much a step of h amplifies, at most
        stable             whether nothing is amplified that should not grow
        h at most          the longest step that is stable
        energy             its change over the step, of Hamiltonian networks
        perturbation       length behind the step of the one that grows most
        gradient           length of a gradient of the loss before the step

      EXAMPLES
        thalweg spectrum                                a fresh Hamiltonian network
        thalweg spectrum runs/optdigits-hamiltonian     a trained one
        thalweg spectrum --network parabolic --gain 3   too large for Euler
        thalweg spectrum --network second-order --steps 16 --json
        thalweg spectrum lorenz --integrator rk4 --steps 1000
        thalweg spectrum robertson --output pictures/robertson
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of thalweg train, or a problem of thalweg solve.",
      valueName: "run or problem"),
    completion: .directory)
  var subject: String?

  @Option(
    help: "hamiltonian, parabolic or second-order. (default: hamiltonian)",
    completion: .list(DynamicsName.allCases.map(\.rawValue)))
  var network: String?

  @Option(help: "The method of integration. (default: what suits network or problem)")
  var integrator: String?

  @Option(help: "The steps of each block, or over the problem. (default: 4, or what suits it)")
  var steps: Int?

  @Option(help: "The channels of the network. (default: 32)")
  var channels: Int?

  @Option(help: "The norm of the filters of a fresh network, about. (default: 1)")
  var gain: Double?

  @Option(help: "The time over which a fresh block is integrated. (default: 2)")
  var span: Double?

  @Option(
    help: "relu, tanh, softplus or sigmoid, of a fresh network. (default: relu)",
    completion: .list(Activation.allCases.map(\.rawValue)))
  var activation: String?

  @Option(help: "none, instance, batch, group:count or tv[:provable]. (default: none)")
  var normalization: String?

  @Option(help: "What determines the weights of a fresh network. (default: 0)")
  var seed: UInt64?

  @Option(help: "The places at which a problem's solution is looked at.")
  var points = 40

  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Where pictures and data go. (default: spectrum/NAME)", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Flag(inversion: .prefixedNo, help: "Draw pictures.")
  var pictures = true

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try FlagRange.check("--steps", steps, 1...1_000_000)
    try FlagRange.check("--channels", channels, 1...1_000_000)
    try FlagRange.check("--points", points, 2...1000)
    try FlagRange.checkPositive("--gain", gain)
    try FlagRange.checkPositive("--span", span)
  }

  func run() throws {
    threads.apply()
    let progress = SolveProgress("reading")
    defer { progress.finish() }
    let subject = try SpectrumSubject(self)
    let report = try subject.report { share, text in
      progress.show(text, share: 0.98 * share)
    }
    let folder = output ?? "spectrum/\(subject.name)"
    var drawn: [String] = []
    var failure: (any Error)?
    if pictures {
      progress.show("pictures", share: 0.99)
      do {
        drawn = try report.writePictures(to: folder)
      } catch {
        // The report is worth having without pictures.
        failure = error
      }
      do {
        // Not config.yaml, since the folder may be that of a run.
        try FlagFile(of: self).write(to: "\(folder)/spectrum.yaml", for: "spectrum")
      } catch {
        failure = failure ?? error
      }
    }
    progress.finish()
    print(json ? report.json : report.text)
    if !json, let page = drawn.first { print("\ndrawn in \(page) and beside it") }
    if let failure { throw failure }
  }

  /// Options that say what a fresh network is like, of those that are given.
  var freshOptions: [String] {
    let given: [(name: String, isGiven: Bool)] = [
      ("network", network != nil), ("channels", channels != nil), ("gain", gain != nil),
      ("span", span != nil), ("activation", activation != nil),
      ("normalization", normalization != nil), ("seed", seed != nil),
    ]
    return given.filter(\.isGiven).map { "--\($0.name)" }
  }
}
