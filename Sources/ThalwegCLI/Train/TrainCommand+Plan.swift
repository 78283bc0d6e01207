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
    guard source.config == nil else {
      throw Failure.usage("--config is for a new run; --resume has the settings of its own")
    }
    let folder = RunFolder(resume)
    let checkpoint = try Checkpoint(contentsOf: folder.weights)
    let settings = try resumed(from: checkpoint, folder)
    return TrainPlan(settings: settings, folder: folder, checkpoint: checkpoint)
  }

  /// The settings of a run that goes on: flags may prolong it, say where its data are now, and
  /// otherwise only repeat what it has settled.
  private func resumed(from checkpoint: Checkpoint, _ folder: RunFolder) throws -> TrainSettings {
    let settled = try TrainSettings(parsing: checkpoint.note, path: folder.weights)
    if let output, output != folder.path {
      throw Failure.usage("--output \(output) is not the run that goes on; leave it out")
    }
    var asked = self
    try asked.fill(from: settled.json, path: folder.weights)
    let settings = try asked.newSettings()
    if settings.epochs < checkpoint.progress.epoch {
      throw Failure.usage(
        "--epochs \(settings.epochs) is less than the \(checkpoint.progress.epoch) that are done")
    }
    var same = settings
    same.epochs = settled.epochs
    if same.dataName == settled.dataName { same.data = settled.data }
    guard case .object(let old) = settled.json, case .object(let new) = same.json else {
      return settings
    }
    for (before, after) in zip(old, new) where before != after {
      let value = before.value.text ?? (before.value == .null ? "off" : "\(before.value)")
      throw Failure.usage(
        "--\(before.name) is \(value) in this run and cannot be changed; leave it out with --resume"
      )
    }
    return settings
  }

  /// The settings that the flags, and what a preset or defaults say where there are none, come to.
  func newSettings() throws -> TrainSettings {
    try checkRanges()
    let network = try NetworkName.read("network", network) ?? .hamiltonian
    if network.dynamics == nil { try refuseEquations() }
    let (data, name) = (data ?? "optdigits", try Preset.Name.named("preset", preset))
    let preset = try name.map { try chosen($0, for: data) }
    let form = preset?.network(network.dynamics ?? .parabolic)
    let integrator = try integratorName(for: network, form)
    let optimizer =
      try OptimizerName.named("optimizer", optimizer) ?? (preset == nil ? .adam : .sgd)
    let settings = TrainSettings(
      data: data, presetName: name, network: network, integrator: integrator,
      adjoint: try adjointName(for: network, integrator), steps: steps ?? form?.steps ?? 4,
      channels: channels ?? form?.channels[0] ?? 32, block: try blockChoices(),
      penalty: try penaltyChoices(),
      arithmetic: try ConvolutionArithmetic.named("arithmetic", arithmetic) ?? .exact,
      project: project, images: images, epochs: epochs ?? preset?.epochs ?? 12,
      batch: batch ?? preset?.batchSize ?? 64, optimizer: optimizer,
      learningRate: learningRate ?? preset?.learningRate ?? optimizer.learningRate,
      schedule: try chosenSchedule() ?? preset?.schedule ?? .oneCycle(warmup: 0.25),
      momentum: momentum ?? preset?.momentum ?? 0.9,
      weightDecay: weightDecay ?? (preset == nil ? optimizer.weightDecay : 0), clip: clip,
      augment: augment, standardize: standardize,
      validation: validation ?? preset?.validation ?? 0, patience: patience, untilLoss: untilLoss,
      seed: seed ?? 0)
    try check(settings, form)
    return settings
  }

  /// Finds illegal combinations before any data are read.
  private func check(_ settings: TrainSettings, _ form: PDENetwork.Configuration?) throws {
    if let augment, Augmentation(words: augment) == nil {
      let forms = Augmentation.forms.joined(separator: ", ")
      throw Failure.usage(
        "--augment \(augment) is not known; use some of, with commas between: \(forms)")
    }
    if let form, settings.channels != form.channels[0] {
      throw Failure.usage(
        "--channels \(settings.channels) is not for --preset, whose networks begin with"
          + " \(form.channels[0])")
    }
    if patience != nil, settings.validation == 0 {
      throw Failure.usage("--patience needs examples to judge by; give --validation, as 0.1, too")
    }
    if box != nil, project != nil {
      throw Failure.usage("--box and --project both bound the weights; give one of them")
    }
    guard let dynamics = settings.network.dynamics, let integrator = settings.integrator,
      let adjoint = settings.adjoint
    else { return }
    _ = try PDEBlock(
      dynamics, channels: settings.channels, steps: 1, span: 1, integrator: integrator,
      adjoint: adjoint)
  }

  /// Finds flags that a network without equations has no use for.
  private func refuseEquations() throws {
    let given: KeyValuePairs<String, Bool> = [
      "integrator": integrator != nil, "adjoint": adjoint != nil, "span": span != nil,
      "weights": weights != nil, "activation": activation != nil,
      "normalization": normalization != nil, "project": project != nil,
      "smoothness": smoothness != nil, "roughness": roughness != nil,
    ]
    if let (name, _) = given.first(where: { $0.value }) {
      throw Failure.usage("--\(name) is for networks of equations; leave it out with resnet")
    }
  }

  private func chosen(_ name: Preset.Name, for data: String) throws -> Preset {
    let dataName = String(data.prefix { $0 != "=" })
    guard let preset = Preset(name, for: dataName) else {
      let known = Preset.data[name]?.joined(separator: ", ") ?? ""
      throw Failure.usage(
        "--preset \(name.rawValue) is for \(known); give one of them as --data, not \(dataName)")
    }
    return preset
  }

  private func chosenSchedule() throws -> Schedule? {
    guard let given = schedule else { return nil }
    guard let schedule = Schedule(given) else {
      let forms = Schedule.forms.joined(separator: ", ")
      throw Failure.usage(
        "--schedule \(given) is not known; use one of: \(forms), with epochs that rise")
    }
    return schedule
  }

  private func integratorName(
    for network: NetworkName, _ form: PDENetwork.Configuration?
  ) throws -> IntegratorName? {
    guard let dynamics = network.dynamics else { return nil }
    return try IntegratorName.named("integrator", integrator) ?? form?.integrator
      ?? dynamics.defaultIntegrator
  }

  private func adjointName(
    for network: NetworkName, _ integrator: IntegratorName?
  ) throws -> AdjointName? {
    guard let integrator else { return nil }
    guard let given = adjoint else {
      // Diffusion loses what undoing its steps would need.
      return integrator.isReversible && network != .parabolic ? .reversible : .direct
    }
    return try AdjointName.read("adjoint", given, forms: AdjointName.forms)
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
