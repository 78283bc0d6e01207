import ThalwegReports

/// How the quality of networks grows with their blocks.
struct BlockComparison {
  private var rows: [ExperimentRow] = []

  /// Trains networks one by one, and prints a line for each beside the classical filter of its flux.
  init(
    of specifications: [NetworkSpecification], with classical: [ExperimentRow],
    _ progress: SolveProgress, asJSON: Bool,
    train: (NetworkSpecification, (Double) -> Void) throws -> ExperimentRow
  ) throws {
    for (index, specification) in specifications.enumerated() {
      let row = try train(specification) { update in
        let share = (Double(index) + update) / Double(specifications.count)
        progress.show("\(specification.name), \(specification.flux)", share: share)
      }.compared(with: classical)
      rows.append(row)
      try row.show(asJSON: asJSON)
    }
    guard !asJSON else { return }
    for line in lines { output(line + "\n") }
  }

  /// For each explicit network, how few blocks of others are as good.
  private var lines: [String] {
    rows.filter { $0.filter.hasPrefix("explicit") }.flatMap { explicit in
      let others = rows.filter {
        $0.flux == explicit.flux && $0.blocks < explicit.blocks && $0.psnr >= explicit.psnr
      }
      return names(others).compactMap { name in
        others.filter { $0.filter == name }.map(\.blocks).min().map { fewest in
          "\(name), \(explicit.flux): \(fewest) blocks are as good as \(explicit.blocks) explicit ones"
        }
      }
    }
  }

  /// Draws the ratio of signal and noise over the number of blocks.
  func draw(to path: String) throws {
    var plot = Plot("Networks and their blocks", x: "blocks", y: "PSNR, dB")
    let fluxes = Set(rows.map(\.flux)).sorted()
    for name in names(rows) {
      for flux in fluxes {
        let own = rows.filter { $0.filter == name && $0.flux == flux }
        guard !own.isEmpty else { continue }
        plot.add(
          fluxes.count > 1 ? "\(name), \(flux)" : name, x: own.map { Double($0.blocks) },
          y: own.map(\.psnr), as: .markedLine)
      }
    }
    try plot.write(to: path)
  }

  /// The names of filters in their order.
  private func names(_ rows: [ExperimentRow]) -> [String] {
    rows.map(\.filter).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
