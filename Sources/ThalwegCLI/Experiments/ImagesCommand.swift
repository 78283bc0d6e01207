import ArgumentParser
import ThalwegNetworks
import ThalwegReports
import ThalwegTraining

/// `thalweg experiment images`: accuracy against the number of training images.
struct ImagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "images",
    abstract: "Train on more and more images and draw the accuracy.",
    discussion: """
      Each network is trained anew on each number of images, which the seed chooses, and \
      measured on all test images. What stands behind -- are flags of thalweg train, the \
      same for all. The picture, its numbers and a table of what is taken for what by each \
      network go into --output.

      EXAMPLES
        thalweg experiment images
        thalweg experiment images --counts 500,1000,2000 -- --data stl10=DIR
        thalweg experiment images --networks hamiltonian,resnet -- --epochs 4
      """)

  @Option(help: "The networks, with commas between them.")
  var networks = "parabolic,hamiltonian,second-order"

  @Option(help: "The numbers of images, with commas between them.")
  var counts = "250,500,1000,2000"

  @Option(help: ArgumentHelp("Where the results go.", valueName: "dir"), completion: .directory)
  var output = "runs/images"

  @OptionGroup var source: ConfigurationOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print a JSON object for each training.")
  var json = false

  @Argument(parsing: .postTerminator, help: "Flags of thalweg train.")
  var flags: [String] = []

  private var sizes: [Int] { counts.listed.compactMap { Int($0) } }

  func validate() throws {
    guard !sizes.isEmpty, sizes.count == counts.listed.count,
      sizes.allSatisfy({ $0 > 0 })
    else {
      throw ValidationError("--counts '\(counts)' are no positive numbers with commas between them")
    }
  }

  func run() throws {
    threads.apply()
    let names = try ExperimentTraining.networks(networks)
    let progress = SolveProgress("training")
    defer { progress.finish() }
    var rows: [ImagesRow] = []
    for (index, name) in names.enumerated() {
      for (place, count) in sizes.enumerated() {
        let done = Double(index * sizes.count + place)
        let row = try trained(name, on: count) { share in
          let all = (done + share) / Double(names.count * sizes.count)
          progress.show("\(name.rawValue), \(count) images", share: all)
        }
        rows.append(row)
        ThalwegCLI.output((json ? try row.json : row.text) + "\n")
      }
    }
    progress.finish()
    let picture = try draw(rows, names)
    if !json { print("drawn in \(picture)") }
  }

  /// One training from the beginning.
  private func trained(
    _ network: NetworkName, on count: Int, progress: (Double) -> Void
  ) throws -> ImagesRow {
    let training = try ExperimentTraining(
      flags + ["--network", network.rawValue, "--images", "\(count)"])
    let (model, seconds) = try training.trained(progress: progress)
    let evaluation = try Evaluation(
      of: model, on: training.data.test, batchSize: training.settings.batch)
    return ImagesRow(
      network: network.rawValue, images: training.data.training.count,
      accuracy: evaluation.accuracy, loss: evaluation.loss, seconds: seconds,
      confusion: evaluation.confusion)
  }

  private func draw(_ rows: [ImagesRow], _ names: [NetworkName]) throws -> String {
    var plot = Plot(
      "Accuracy on all test images", x: "training images", y: "accuracy, %",
      scales: (.logarithmic, .linear))
    for name in names {
      let own = rows.filter { $0.network == name.rawValue }
      plot.add(
        name.rawValue, x: own.map { Double($0.images) }, y: own.map { 100 * $0.accuracy },
        as: .markedLine)
    }
    let picture = try plot.write(to: "\(output)/accuracy")[0]
    let tables = rows.map { row in
      let lines = row.confusion.map { $0.map(String.init).joined(separator: ",") }
      return "\(row.network), \(row.images) images; class by row, taken for by column\n"
        + lines.joined(separator: "\n")
    }
    let text = tables.joined(separator: "\n\n") + "\n"
    try writeAtomically(Array(text.utf8), to: "\(output)/confusion.csv")
    try FlagFile(of: self).write(to: "\(output)/config.yaml", for: "experiment images")
    return picture
  }
}

/// What a training came to.
private struct ImagesRow: Encodable {
  var result = "images"
  let network: String
  let images: Int
  let accuracy: Double
  let loss: Double
  let seconds: Double
  let confusion: [[Int]]

  var text: String {
    network.padded(to: 14) + "\(images)".aligned(to: 7) + " images"
      + percent(accuracy).aligned(to: 9)
      + "\(decimals(seconds, 1)) s".aligned(to: 10)
  }
}
