import ArgumentParser

/// The networks of an experiment: all combinations of what is listed.
struct NetworkFlags: ParsableArguments {
  @Option(
    help: """
      The networks, with commas between them: explicit, dff, fsi, fixed-point, implicit or multigrid.
      """)
  var networks = "explicit,dff,fsi,multigrid"

  @Option(help: "Their fluxes, with commas between them.")
  var fluxes = "charbonnier,perona-malik,relu,radial-basis"

  @Option(
    help: """
      The numbers of blocks, with commas between them; multigrid spreads them over three grids.
      """)
  var blocks = "6"

  @Option(help: "The blocks of a cycle of fsi, at most; the iterations of a fixed point.")
  var cycle = 3

  @Flag(help: "All blocks of a network share their weights.")
  var shared = false

  @Flag(
    help: """
      Blocks are those of the classical filter to begin with: differences along the axes, which flow \
      together. By default filters are random and flow one by one.
      """)
  var coupled = false

  @Option(help: "The fluxes of the classical filters, with commas between them, or none.")
  var classical = FilterOptions.fluxes.joined(separator: ",")

  /// The numbers of blocks.
  var counts: [Int] { blocks.listed.compactMap { Int($0) } }

  /// The fluxes of classical filters.
  var classicalFluxes: [String] { classical == "none" ? [] : classical.listed }

  func validate() throws {
    try FlagRange.check("--cycle", cycle, 1...100)
    guard counts.count == blocks.listed.count, !counts.isEmpty else {
      throw ValidationError("--blocks '\(blocks)' are no numbers with commas between them")
    }
    try FlagRange.check("--networks", networks.listed, NetworkSpecification.networks)
    try FlagRange.check("--fluxes", fluxes.listed, NetworkSpecification.fluxes)
    try FlagRange.check("--classical", classicalFluxes, FilterOptions.fluxes)
    let single = (networks.listed + fluxes.listed).filter(NetworkSpecification.uncoupled.contains)
    guard !coupled || single.isEmpty else {
      throw ValidationError(
        "--coupled is not for \(single.joined(separator: ", ")), which no classical filter is like")
    }
    for count in counts { try FlagRange.check("--blocks", count, 1...1_000) }
  }

  /// All combinations; multigrid has blocks on each of three grids, down and up, and takes its number of
  /// blocks as that of all.
  func specifications(_ training: TrainingFlags, noise: Double) -> [NetworkSpecification] {
    networks.listed.flatMap { network in
      fluxes.listed.flatMap { flux in
        counts.map { count in
          let isGrid = network == "multigrid"
          return NetworkSpecification(
            network: network, flux: flux, blocks: isGrid ? Swift.max(1, count / 5) : count,
            filters: training.filters, size: training.size, isShared: shared && !isGrid,
            isCoupled: coupled,
            inner: isGrid ? 3 : network == "fsi" ? Swift.min(cycle, count) : cycle, noise: noise)
        }
      }
    }
  }
}
