import ThalwegKernels
public import ThalwegNetworks
public import ThalwegStability
public import ThalwegTensors

/// What a network does to perturbations and gradients from one step to the next, with advice.
///
///     let report = try DepthReport(of: network, at: images)
///     print(report)                                  // in words
///     report.blocks[0].steps[2].isStable
///     try report.writePictures(to: "report")         // SVG, PNG and their data
///
/// It holds for the first of the images: the dynamics are linearised where that image passes, in double
/// precision. Statistics of the batch are those of all images.
///
/// - Cost: a spectrum and some tens of products with the derivative for each step.
/// - Errors: ``SpectrumError`` where the network does not stay finite.
public struct DepthReport: Sendable {
  /// What the network is made of.
  public let configuration: PDENetwork.Configuration
  /// The stability region of the method.
  public let region: StabilityRegion
  /// The blocks.
  public let blocks: [BlockReport]
  /// What follows from the numbers, in sentences.
  public let advice: [String]

  /// Creates the report of a network for images `[batch, channels, height, width]`.
  ///
  /// `progress` is called with the share that is done and what is done next.
  public init(
    of network: PDENetwork, at images: Tensor,
    progress: (_ share: Double, _ text: String) -> Void = { _, _ in }
  ) throws {
    require(
      images.rank == 4 && images.shape[0] > 0, "depth report: \(images.shape) are no images")
    // Single precision would show in eigenvalues near 0.
    let images = images.to(.float64)
    let network = network.mapLeaves { $0.to(.float64) }.calibrated(on: images)
    let inputs = network.blockInputs(images.slice(0..<1, along: 0))
    configuration = network.configuration
    region = configuration.integrator.region
    var blocks: [BlockReport] = []
    for (index, (unit, input)) in zip(network.units, inputs).enumerated() {
      guard let flow = unit.block.flow as? any Inspectable else {
        fatalError("depth report: \(type(of: unit.block.flow)) is no flow")
      }
      let all = Double(network.units.count * network.configuration.steps)
      blocks.append(
        try flow.report(block: index, at: input, region) { step in
          let share = (Double(index * network.configuration.steps) + Double(step)) / all
          progress(share, "block \(index + 1), step \(step + 1)")
        })
    }
    self.blocks = blocks
    advice = Counsel(configuration, region, blocks).sentences
  }

  /// All steps of all blocks.
  public var steps: [StepReport] { blocks.flatMap(\.steps) }

  /// Whether no step amplifies what should not grow.
  public var isStable: Bool { steps.allSatisfy(\.isStable) }
}
