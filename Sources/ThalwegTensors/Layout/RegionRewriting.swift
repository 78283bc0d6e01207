import ThalwegKernels

/// An operation with regions while it is rebuilt.
struct RegionRewriting {
  private let node: Node
  private let scopes: [LayoutGraph.Scope]
  /// The inputs of the new node as far as they are in a bundle.
  private var inputs: [Tensor]
  /// Which inputs are in no bundle.
  private var isKept: [Bool]
  /// What the arguments of each region are replaced by.
  private(set) var arguments: [[(Tensor, PlacedTensor)]]
  /// The outputs of each region.
  var outputs: [[PlacedTensor]]

  init(_ node: Node, _ scopes: [LayoutGraph.Scope]) {
    self.node = node
    self.scopes = scopes
    inputs = node.inputs
    isKept = node.inputs.map { _ in true }
    arguments = scopes.map { $0.inputs.map { ($0, PlacedTensor($0)) } }
    outputs = scopes.map { _ in [] }
  }

  /// Gives the tensors of a bundle their layout, before the regions are rebuilt.
  mutating func begin(
    _ bundle: RegionBundle, _ channel: Int?, _ tensors: inout LayoutedTensors
  ) {
    let demand: Padding = bundle.isCarried ? .zero : .unknown
    var paddings: [Padding] = []
    for index in bundle.inputs {
      let tensor = node.inputs[index]
      let axis = channel.map { $0 + tensor.rank - rank(of: bundle) }
      let placed = tensors.get(tensor, along: axis, demand: demand)
      inputs[index] = placed.tensor
      isKept[index] = false
      paddings.append(placed.padding)
    }
    guard let channel else { return }
    for place in bundle.arguments {
      let old = scopes[place.region].inputs[place.index]
      let blocks = ChannelBlocks(old.type, axis: channel)
      let new = placeholder(TensorType(blocks.blockedShape, old.dtype))
      let padding: Padding = paddings.isEmpty ? .unknown : .common(paddings)
      arguments[place.region][place.index].1 = PlacedTensor(
        new, in: blocks, padding: bundle.isCarried ? .zero : padding)
    }
  }

  /// The inputs of the new node, of which those in no bundle are in the ordinary layout.
  func allInputs(_ tensors: inout LayoutedTensors) -> [Tensor] {
    inputs.indices.map { isKept[$0] ? tensors.get(node.inputs[$0]).tensor : inputs[$0] }
  }

  /// The layouts that the results of a region must have.
  func wanted(
    _ region: Int, _ bundles: [RegionBundle], _ channels: [Int?]
  ) -> [(axis: Int?, demand: Padding)] {
    var wanted = scopes[region].outputs.map { _ in (axis: Int?.none, demand: Padding.unknown) }
    for (bundle, channel) in zip(bundles, channels) {
      for place in bundle.results where place.region == region {
        wanted[place.index] = (channel, bundle.isCarried ? .zero : .unknown)
      }
    }
    return wanted
  }

  /// The rebuilt regions.
  func replaced(_ regions: [Region]) -> [Region] {
    zip(scopes.indices, regions).map { index, region in
      Region(
        inputs: arguments[index].map(\.1.tensor), outputs: outputs[index].map(\.tensor),
        runs: region.runs, isUniform: region.isUniform)
    }
  }

  /// Says what the outputs of a bundle have become.
  func finish(
    _ bundle: RegionBundle, _ channel: Int?, _ copy: Node, _ tensors: inout LayoutedTensors
  ) {
    let padding = bundle.results.map { outputs[$0.region][$0.index].padding }
    for index in bundle.outputs {
      let old = node.output(index)
      var new = PlacedTensor(copy.output(index))
      if let channel {
        let blocks = ChannelBlocks(old.type, axis: channel + old.rank - rank(of: bundle))
        new = PlacedTensor(
          new.tensor, in: blocks,
          padding: bundle.isCarried ? .zero : padding.isEmpty ? .unknown : .common(padding))
      }
      tensors.set(old, to: new)
    }
  }

  /// The rank of a bundle's tensors inside.
  private func rank(of bundle: RegionBundle) -> Int {
    bundle.arguments.first.map { scopes[$0.region].inputs[$0.index].rank }
      ?? bundle.results.first.map { scopes[$0.region].outputs[$0.index].rank } ?? 0
  }
}
