import ArgumentParser

/// `thalweg bench`: one workload of the comparisons.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time a workload of the comparisons on this machine.",
    discussion: """
      W3        1,000 steps of classical RK4 on small systems: Lorenz and a 10-16-16-10 network,
                batch 1 and 128, double precision, forward and gradient
      overhead  what a compiled step of a 2-50-2 network costs beyond its arithmetic
      memory    resident memory of one training step against depth, for each adjoint

      Timings are the best of several bursts. Unset OPENBLAS_CORETYPE first: it may force slower
      kernels than the machine has.

      EXAMPLES
        thalweg bench W3
        thalweg bench memory --json
      """)

  enum Workload: String, CaseIterable, ExpressibleByArgument {
    case w3 = "W3"
    case overhead
    case memory
  }

  @Argument(help: "The workload: W3, overhead or memory.")
  var workload: Workload

  @Flag(help: "Print one JSON object for each configuration.")
  var json = false

  @Option(help: .hidden)
  var child: String?

  func run() throws {
    switch workload {
    case .w3: try SmallSystems.run { try $0.print(json: json) }
    case .overhead: try StepOverhead.run { try $0.print(json: json) }
    case .memory:
      if let child {
        try MemoryBench.runChild(child)
      } else {
        try MemoryBench.run { try $0.print(json: json) }
      }
    }
  }
}
