import ArgumentParser

/// `thalweg bench`: one workload of the comparisons.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time a workload of the comparisons on this machine.",
    discussion: """
      W1           training step of the spiral neural ODE, 252 weights
      W2           gradient of deep convolutional blocks by three adjoints
      W3           1,000 steps of RK4 on Lorenz and on a 10-16-16-10 network
      W4           the stiff Brusselator: time to a solution and its gradient
      W5           eigenvalues of a layer of convolutions, up to 16,384
      W6           explicit nonlinear diffusion of an image and of a line
      multigrid    a V cycle for Poisson's equation, from 64² to 1024² unknowns
      networks     training step of the published CIFAR-10 networks
      adaptive     small problems with steps of controlled size
      machine      multiply-adds and memory traffic a second, at most
      convolution  each pass of a 3×3 convolution against the peak
      elementwise  functions of a million floats against copying them
      overhead     what a step of a 2-50-2 network costs beyond arithmetic
      memory       resident memory of a training step against depth

      Each figure is the median of bursts during which other processes rested, of which at least \
      three are waited for; losses and gradients are compared with reference values. The exit code \
      is 1 where they differ by more than rounding. Unset OPENBLAS_CORETYPE first: it may force \
      slower kernels than the machine has.

      EXAMPLES
        thalweg bench W3
        thalweg bench W2 --filter 'leapfrog 32x32x32 N=4, reversible' --json
        thalweg bench convolution --threads 1
        thalweg bench W6 --quick
      """)

  enum Workload: String, CaseIterable {
    case w1 = "W1"
    case w2 = "W2"
    case w3 = "W3"
    case w4 = "W4"
    case w5 = "W5"
    case w6 = "W6"
    case multigrid, networks, adaptive, machine, convolution, elementwise, overhead, memory

    var cases: [BenchCase] {
      switch self {
      case .w1: SpiralBench.cases
      case .w2: BlockBench.cases
      case .w3: SmallSystems.cases
      case .w4: BrusselatorBench.cases
      case .w5: SpectrumBench.cases
      case .w6: DiffusionBench.cases
      case .multigrid: MultigridBench.cases
      case .networks: NetworkBench.cases
      case .adaptive: AdaptiveBench.cases
      case .machine: MachineBench.cases
      case .convolution: ConvolutionBench.cases
      case .elementwise: ElementwiseBench.cases
      case .overhead: StepOverhead.cases
      case .memory: MemoryBench.cases
      }
    }
  }

  @Argument(help: "The workload.", transform: workload)
  var workload: Workload

  @Option(help: "Only configurations whose name contains this text, or the one of this name.")
  var filter: String?

  @Flag(help: "Print the names of the configurations and stop.")
  var list = false

  @Flag(help: "Print one JSON object for each configuration.")
  var json = false

  @Flag(help: "A short trial: few bursts, no waiting for other processes.")
  var quick = false

  @OptionGroup var threads: ThreadOptions

  @Option(help: .hidden)
  var child: String?

  private static func workload(_ name: String) throws -> Workload {
    guard let workload = Workload(rawValue: name) else {
      let names = Workload.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("no workload is called '\(name)'; there are \(names)")
    }
    return workload
  }

  func run() throws {
    if let child { return try MemoryBench.runChild(child) }
    let cases = BenchCase.filtered(workload.cases, by: filter)
    guard !cases.isEmpty else {
      throw ValidationError(
        "no configuration of \(workload.rawValue) is called '\(filter ?? "")';"
          + " 'thalweg bench \(workload.rawValue) --list' prints all of them")
    }
    guard !list else { return print(cases.map(\.name).joined(separator: "\n")) }
    threads.apply()
    let settings = BenchSettings(isQuick: quick)
    var wrong: [String] = []
    for example in cases {
      for record in try example.measure(settings) {
        try record.print(json: json)
        if record.agrees == false { wrong.append(example.name) }
      }
    }
    guard wrong.isEmpty else { throw BenchError.wrongResults(workload.rawValue, wrong) }
  }
}
