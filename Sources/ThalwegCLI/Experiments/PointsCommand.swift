import ArgumentParser
import ThalwegNetworks
import ThalwegReports
import ThalwegTraining

/// `thalweg experiment points`: the networks of Haber and Ruthotto on points of the plane.
struct PointsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "points",
    abstract: "Train a network of points and draw its decision regions.",
    discussion: """
      The problems are those of Haber and Ruthotto: swiss-roll, two spirals; ellipses, \
      one within a ring; peaks, five levels of a landscape. The networks are antisymmetric, \
      with a little damping, or hamiltonian.

      EXAMPLES
        thalweg experiment points swiss-roll
        thalweg experiment points peaks --network antisymmetric --width 16
        thalweg experiment points ellipses --integrator verlet --output pictures
      """)

  enum Network: String, CaseIterable, ExpressibleByArgument {
    case antisymmetric, hamiltonian

    func kind(_ damping: Double) -> PointNetwork.Kind {
      self == .hamiltonian ? .hamiltonian : .antisymmetric(damping: damping)
    }
  }

  @Argument(
    help: "swiss-roll, ellipses or peaks.",
    completion: .list(ToyProblem.allCases.map(\.rawValue)),
    transform: { name in
      guard let problem = ToyProblem(rawValue: name) else {
        let names = ToyProblem.allCases.map(\.rawValue)
        throw ValidationError(
          "'\(name)' is not known\(names.proposal(for: name)); use one of: "
            + names.joined(separator: ", "))
      }
      return problem
    })
  var problem: ToyProblem

  @Option(help: "hamiltonian or antisymmetric.")
  var network = Network.hamiltonian

  @Option(help: "The damping γ of antisymmetric layers.")
  var damping = 1e-4

  @Option(help: "The coordinates that points are given. (default: 4, or 16 for peaks)")
  var width: Int?

  @Option(help: "The steps.")
  var steps = 32

  @Option(help: "The time over which is integrated. (default: 20, or 5 for peaks)")
  var span: Double?

  @Option(help: "The method of integration. (default: symplectic-euler, or rk4)")
  var integrator: String?

  @Option(help: "How often all points are looked at.")
  var updates = 1_000

  @Option(help: "The learning rate to begin with.")
  var rate = 0.05

  @Option(help: "What determines points and weights.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Where the picture and its numbers go.", valueName: "dir"),
    completion: .directory)
  var output = "runs/points"

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try FlagRange.check("--steps", steps, 1...10_000)
    try FlagRange.check("--updates", updates, 1...1_000_000)
    try FlagRange.check("--width", width, 2...1_024)
    try FlagRange.checkPositive("--rate", rate)
    try FlagRange.checkPositive("--span", span)
    try FlagRange.checkNotNegative("--damping", damping)
  }

  func run() throws {
    threads.apply()
    let data = problem.data(seed: seed)
    let method = try IntegratorName.named("integrator", integrator)
    let kind = network.kind(damping)
    let isPlain = problem != .peaks
    let untrained = try PointNetwork(
      kind, width: width ?? (isPlain ? 4 : 16), steps: steps, span: span ?? (isPlain ? 20 : 5),
      classes: problem.classes, integrator: method, seed: seed)
    let progress = SolveProgress(problem.rawValue)
    defer { progress.finish() }
    var last = 0.0
    let trained = try PointTraining(updates: updates, learningRate: rate).trained(
      untrained, on: data.training
    ) { update, loss in
      last = loss
      progress.show("\(problem.rawValue): loss \(loss)", share: Double(update) / Double(updates))
    }
    progress.finish()
    let record = PointsRecord(
      problem: problem.rawValue, network: network.rawValue, updates: updates, trainLoss: last,
      trainAccuracy: trained.accuracy(on: data.training),
      testAccuracy: trained.accuracy(on: data.test),
      picture: try draw(trained, data.test))
    print(json ? try record.json : record.text)
  }

  /// Draws what the network takes each place for, with the test points over it.
  private func draw(_ trained: PointNetwork, _ test: LabelledPoints) throws -> String {
    let window = problem.window
    let regions = try DecisionRegions(of: trained, x: window.x, y: window.y)
    var plot = Plot("\(problem.rawValue), \(network.rawValue)", x: "x", y: "y", isSquare: true)
    plot.addField(
      "class", x: regions.x, y: regions.y,
      values: regions.classes.map { row in row.map(Double.init) })
    let values = test.points.values
    for label in 0..<problem.classes {
      let places = test.classes.indices.filter { test.classes[$0] == label }
      plot.add(
        "\(label)", x: places.map { values[2 * $0] }, y: places.map { values[2 * $0 + 1] },
        as: .points)
    }
    let name = "\(output)/\(problem.rawValue)-\(network.rawValue)"
    let pictures = try plot.write(to: name)
    try FlagFile(of: self).write(to: "\(name).yaml", for: "experiment points")
    return pictures[0]
  }
}

/// What came of it.
private struct PointsRecord: Encodable {
  var result = "points"
  let problem: String
  let network: String
  let updates: Int
  let trainLoss: Double
  let trainAccuracy: Double
  let testAccuracy: Double
  let picture: String

  var text: String {
    "\(problem), \(network): \(percent(testAccuracy)) of the test points,"
      + " \(percent(trainAccuracy)) of the others, loss \(trainLoss)\ndrawn in \(picture)"
  }
}
