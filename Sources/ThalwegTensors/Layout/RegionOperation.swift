import ThalwegKernels

/// An operation that runs graphs of its own, such as a loop.
package protocol RegionOperation: Operation {
  /// The graphs.
  var regions: [Region] { get }

  /// Which tensors outside and inside lie in the same memory, for a node of this many inputs.
  func bundles(inputCount: Int) -> [RegionBundle]

  /// The operation on graphs that use other layouts.
  ///
  /// `channels` says along which axis the tensors of each bundle are in blocks, as it is inside and
  /// in the ordinary layout.
  func replacing(_ regions: [Region], channels: [Int?]) -> any Operation
}

/// A graph that an operation runs.
package struct Region: Sendable {
  /// Its arguments, which are placeholders.
  package var inputs: [Tensor]
  package var outputs: [Tensor]
  /// How often it runs.
  package var runs: Int
  /// Whether layouts and cuts must be those of other graphs with the same operations, so that
  /// results have the same bits.
  package var isUniform: Bool

  package init(inputs: [Tensor], outputs: [Tensor], runs: Int, isUniform: Bool = false) {
    self.inputs = inputs
    self.outputs = outputs
    self.runs = runs
    self.isUniform = isUniform
  }
}

/// Tensors outside and inside of an operation that lie in the same memory, and hence in one layout.
///
/// Outside they may have further leading axes. Inputs that are in no bundle keep their layout.
package struct RegionBundle: Sendable {
  /// A tensor of a region.
  package struct Place: Hashable, Sendable {
    package var region: Int
    package var index: Int

    package init(_ index: Int, in region: Int = 0) {
      self.region = region
      self.index = index
    }
  }

  /// Inputs and outputs of the operation.
  package var inputs: [Int]
  package var outputs: [Int]
  /// Inputs and outputs of the regions.
  package var arguments: [Place]
  package var results: [Place]

  /// Whether what is written is read again, so that padding must stay 0.
  var isCarried: Bool { !arguments.isEmpty && !results.isEmpty }

  package init(
    inputs: [Int] = [], outputs: [Int] = [], arguments: [Place] = [], results: [Place] = []
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.arguments = arguments
    self.results = results
  }
}
