import Foundation
import ThalwegLaws
import ThalwegNetworks
import ThalwegReports
import ThalwegTensors
import ThalwegTraining

/// What `thalweg spectrum` looks at.
enum SpectrumSubject {
  case network(PDENetwork, images: Tensor, name: String)
  case problem(ProblemSpectrum)

  /// Finds out what the flags ask for.
  init(_ command: SpectrumCommand) throws {
    guard let subject = command.subject else {
      self = try .fresh(command)
      return
    }
    if let option = command.freshOptions.first {
      throw Failure.usage("\(option) is for a fresh network; leave '\(subject)' out")
    }
    let folder = RunFolder(subject)
    if FileManager.default.fileExists(atPath: folder.weights) {
      guard command.integrator == nil, command.steps == nil else {
        throw Failure.usage("--integrator and --steps are settled for '\(subject)'")
      }
      self = try .trained(folder)
      return
    }
    guard let problem = StandardProblem.named(subject) else {
      throw Failure.usage(
        "'\(subject)' is neither the folder of a run, with weights.safetensors in it, nor a problem;"
          + " 'thalweg solve' lists problems"
          + StandardProblem.all.map(\.name).proposal(for: subject))
    }
    self = .problem(
      try ProblemSpectrum(
        problem, method: command.integrator, steps: command.steps, points: command.points))
  }

  private static func fresh(_ command: SpectrumCommand) throws -> SpectrumSubject {
    let dynamics = try DynamicsName.named("network", command.network) ?? .hamiltonian
    let integrator =
      try IntegratorName.named("integrator", command.integrator)
      ?? dynamics.defaultIntegrator
    let normalization = try SymmetricLayer.Normalization.read(
      "normalization", command.normalization, forms: SymmetricLayer.Normalization.forms)
    let configuration = PDENetwork.Configuration(
      dynamics: dynamics, integrator: integrator, adjoint: .direct,
      channels: [command.channels ?? 32], steps: command.steps ?? 4, span: command.span ?? 2,
      gain: command.gain ?? 1,
      activation: try Activation.named("activation", command.activation) ?? .relu,
      normalization: normalization ?? .none)
    let data = Dataset.optdigits.test
    let network = try PDENetwork(
      configuration, images: [data.channels, data.height, data.width], classes: data.classCount,
      seed: command.seed ?? 0)
    return .network(
      network, images: Self.images(data), name: "\(dynamics.rawValue)-\(integrator.rawValue)")
  }

  private static func trained(_ folder: RunFolder) throws -> SpectrumSubject {
    let checkpoint = try Checkpoint(contentsOf: folder.weights)
    let settings = try TrainSettings(parsing: checkpoint.note, path: folder.weights)
    let data = try settings.loadData()
    var trainer = try settings.makeTrainer(for: data.training)
    try checkpoint.restore(&trainer)
    let name = URL(fileURLWithPath: folder.path).lastPathComponent
    guard let network = trainer.model.equations else {
      throw Failure.usage(
        "'\(folder.path)' is a resnet, whose layers are no steps of an equation; a spectrum is for"
          + " networks of equations")
    }
    return .network(network, images: images(data.test), name: name)
  }

  /// A few images, the first of which is looked at.
  private static func images(_ data: Dataset) -> Tensor {
    data.images(at: Array(0..<Swift.min(16, data.count)))
  }

  /// What pictures are called.
  var name: String {
    switch self {
    case .network(_, _, let name): name
    case .problem(let problem): problem.name
    }
  }

  /// The report, with calls that say how far it is.
  func report(progress: @escaping (Double, String) -> Void) throws -> SpectrumResult {
    switch self {
    case .network(let network, let images, _):
      let report = try DepthReport(of: network, at: images) { share, step in
        progress(share, "eigenvalues of \(step)")
      }
      return SpectrumResult(
        text: "\(report)", json: report.json, writePictures: report.writePictures)
    case .problem(let problem):
      let (report, advice) = try problem.report(progress: progress)
      return SpectrumResult(
        text: "\(report)\n\nAdvice at the largest eigenvalue\n\(advice)", json: report.json,
        writePictures: report.writePictures)
    }
  }
}

/// A report as it is shown.
struct SpectrumResult {
  let text: String
  let json: String
  private let draw: (String) throws -> [String]

  init(text: String, json: String, writePictures: @escaping (String) throws -> [String]) {
    (self.text, self.json, draw) = (text, json, writePictures)
  }

  /// Draws it and returns the paths of the pictures.
  func writePictures(to folder: String) throws -> [String] { try draw(folder) }
}
