import Testing
import ThalwegAdjoints
import ThalwegIntegrators
import ThalwegNetworks
import ThalwegTensors

/// The fields of a message of protocol buffers: numbers, and bytes of what has a length.
private struct Fields {
  var numbers: [(field: Int, value: Int)] = []
  var parts: [(field: Int, bytes: ArraySlice<UInt8>)] = []

  init(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    func varint() -> Int {
      var (value, shift) = (0, 0)
      while let byte = rest.popFirst() {
        value |= Int(byte & 0x7f) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      return value
    }
    while !rest.isEmpty {
      let key = varint()
      switch key & 7 {
      case 0: numbers.append((key >> 3, varint()))
      case 2:
        let count = varint()
        parts.append((key >> 3, rest.prefix(count)))
        rest = rest.dropFirst(count)
      default: rest = rest.dropFirst(key & 7 == 1 ? 8 : 4)
      }
    }
  }

  func texts(_ field: Int) -> [String] {
    parts.filter { $0.field == field }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  func messages(_ field: Int) -> [Fields] {
    parts.filter { $0.field == field }.map { Fields($0.bytes) }
  }
}

@Suite struct ONNXModelTests {
  private func graph(_ model: ONNXModel) throws -> Fields {
    let file = Fields(model.bytes[...])
    #expect(file.numbers.contains { $0 == (1, 8) })
    let version = try #require(file.messages(8).first)
    #expect(version.numbers.map(\.value) == [17])
    return try #require(file.messages(7).first)
  }

  @Test func `every input of a node is there before it`() throws {
    let network = try PDENetwork(
      .init(channels: [4], steps: 3, activation: .tanh), images: [1, 8, 8], classes: 10, seed: 1)
    let model = try ONNXModel(of: network, on: [2, 1, 8, 8], metadata: ["a": "b"]) { $0($1) }
    let graph = try graph(model)
    var known: Set = ["input"]
    for tensor in graph.messages(5) {
      let name = try #require(tensor.texts(8).first)
      #expect(known.insert(name).inserted)
      let size = tensor.numbers.filter { $0.field == 1 }.reduce(1) { $0 * $1.value }
      let width = tensor.numbers.first { $0.field == 2 }?.value == 7 ? 8 : 4
      #expect(tensor.parts.first { $0.field == 9 }?.bytes.count == size * width)
    }
    #expect(Set(network.leafList.paths).isSubset(of: known))
    for node in graph.messages(1) {
      for input in node.texts(1) { #expect(known.contains(input), "\(input)") }
      #expect(known.insert(node.texts(2)[0]).inserted)
    }
    #expect(known.contains("output") && graph.messages(1).map { $0.texts(4)[0] } == model.operators)
  }

  @Test(arguments: [1, 2, 5])
  func `each step has its convolutions`(steps: Int) throws {
    let network = try PDENetwork(
      .init(dynamics: .parabolic, integrator: .rk4, adjoint: .direct, channels: [4], steps: steps),
      images: [1, 8, 8], classes: 10, seed: 1)
    let model = try ONNXModel(of: network, on: [1, 1, 8, 8]) { $0($1) }
    #expect(model.operators.count { $0 == "ConvTranspose" } == 4 * steps)
    #expect(model.operators.count { $0 == "Conv" } == 4 * steps + 1)
  }

  @Test func `what ONNX does not have is an error that names it`() {
    #expect(throws: ONNXError.unsupported("gather")) {
      try ONNXModel(of: Tensor([1.0, 2]), on: [3]) { table, index in table.gathered(at: index) }
    }
  }
}
