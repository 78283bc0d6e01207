import ThalwegKernels
import ThalwegNetworks
import ThalwegTraining

/// A run as the flags ask for it.
struct TrainPlan {
  let settings: TrainSettings
  let folder: RunFolder
  /// What the run goes on from.
  let checkpoint: Checkpoint?
}

extension TrainCommand {
  /// What the flags ask for, checked.
  func plan() throws -> TrainPlan {
    try checkRanges()
    guard let resume else {
      let settings = try newSettings()
      let name = "\(settings.dataName)-\(settings.network.rawValue)"
      return TrainPlan(
        settings: settings, folder: RunFolder(output ?? "runs/\(name)"), checkpoint: nil)
    }
    let folder = RunFolder(resume)
    let checkpoint = try Checkpoint(contentsOf: folder.weights)
    var settings = try TrainSettings(parsing: checkpoint.note, path: folder.weights)
    try checkResumed(settings)
    if let epochs {
      guard epochs >= checkpoint.progress.epoch else {
        throw Failure.usage(
          "--epochs \(epochs) is less than the \(checkpoint.progress.epoch) that are done")
      }
      settings.epochs = epochs
    }
    if let data { settings.data = data }
    return TrainPlan(settings: settings, folder: folder, checkpoint: checkpoint)
  }

  private func checkRanges() throws {
    let counts: KeyValuePairs = [
      "steps": steps, "epochs": epochs, "batch": batch, "channels": channels,
    ]
    for (name, value) in counts {
      guard let value else { continue }
      let limit = name == "channels" ? 1024 : 1_000_000
      guard (1...limit).contains(value) else {
        throw Failure.usage("--\(name) \(value) is out of range; use 1 to \(limit)")
      }
    }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw Failure.usage("--learning-rate \(learningRate) is out of range; use more than 0")
    }
    if let project, !(project > 0 && project <= 1) {
      throw Failure.usage("--project \(project) is out of range; use more than 0 and at most 1")
    }
  }

  /// Flags that a run has settled for good may only repeat what it settled.
  private func checkResumed(_ settings: TrainSettings) throws {
    let flags: [(name: String, given: String?, settled: String)] = [
      ("data", data.map { String($0.prefix { $0 != "=" }) }, settings.dataName),
      ("network", network, settings.network.rawValue),
      ("integrator", integrator, settings.integrator.rawValue),
      ("adjoint", adjoint, "\(settings.adjoint)"),
      ("steps", steps.map(String.init), "\(settings.steps)"),
      ("batch", batch.map(String.init), "\(settings.batch)"),
      ("learning-rate", learningRate.map { "\($0)" }, "\(settings.learningRate)"),
      ("channels", channels.map(String.init), "\(settings.channels)"),
      ("arithmetic", arithmetic, settings.arithmetic.rawValue),
      ("project", project.map { "\($0)" }, settings.project.map { "\($0)" } ?? "off"),
      ("seed", seed.map(String.init), "\(settings.seed)"),
      ("output", output, resume ?? ""),
    ]
    for flag in flags where flag.given != nil && flag.given != flag.settled {
      throw Failure.usage(
        "--\(flag.name) is \(flag.settled) in this run and cannot be changed;"
          + " leave it out with --resume")
    }
  }

  private func newSettings() throws -> TrainSettings {
    let network = try DynamicsName.named("network", network) ?? .hamiltonian
    let integrator =
      try IntegratorName.named("integrator", integrator)
      ?? network.defaultIntegrator
    // Diffusion loses what undoing its steps would need.
    var adjoint: AdjointName =
      integrator.isReversible && network != .parabolic ? .reversible : .direct
    if let given = self.adjoint {
      guard let name = AdjointName(given) else {
        let forms = AdjointName.forms.joined(separator: ", ")
        throw Failure.usage("--adjoint \(given) is not known; use one of: \(forms)")
      }
      adjoint = name
    }
    let settings = TrainSettings(
      data: data ?? "optdigits", network: network, integrator: integrator, adjoint: adjoint,
      steps: steps ?? 4, epochs: epochs ?? 12, batch: batch ?? 64,
      learningRate: learningRate ?? 0.01, channels: channels ?? 32,
      arithmetic: try ConvolutionArithmetic.named("arithmetic", arithmetic) ?? .exact,
      project: project, seed: seed ?? 0)
    // Finds illegal combinations before any data are read.
    _ = try PDEBlock(
      network, channels: settings.channels, steps: 1, span: 1, integrator: integrator,
      adjoint: adjoint)
    return settings
  }
}

extension DynamicsName {
  /// The published discretisation, or for Hamiltonian dynamics its relative of second order.
  var defaultIntegrator: IntegratorName {
    switch self {
    case .hamiltonian: .verlet
    case .parabolic: .euler
    case .secondOrder: .leapfrog
    }
  }
}
