import Testing
import ThalwegKernels
import ThalwegTensors

@Suite struct TensorTests {
  @Test func `literals nest into shapes`() {
    let x: Tensor = [[1, 2, 3], [4, 5, 6]]
    #expect(x.shape == [2, 3])
    #expect(x.values == [1, 2, 3, 4, 5, 6])
    #expect((7 as Tensor).shape == [] && (7.5 as Tensor).scalar == 7.5)
    let a: Tensor = 2
    #expect(([a, 3] as Tensor).values == [2, 3])
    #expect(Tensor([1, 2] as [Float]).dtype == .float32)
    #expect(Tensor([1, 2]).dtype == .float64)
  }

  @Test func `traced elements can be put into a literal`() throws {
    let rotate = compile { (x: Tensor) in [x[1], -x[0], 5] as Tensor }
    #expect(try rotate([1, 2]).values == [2, -1, 5])
    let matrix = compile { (x: Tensor) in [[x[0], 0], [0, x[1]]] as Tensor }
    #expect(try matrix([1, 2]).values == [1, 0, 0, 2])
  }

  @Test func `values survive both precisions`() {
    let values = [0.1, -2, 1e30, .infinity]
    let x = Tensor(values, shape: [2, 2])
    #expect(x.values == values)
    #expect(x.to(.float32).values == values.map { Double(Float($0)) })
    #expect(x.floats == values.map { Float($0) })
    #expect(x.to(.float32).to(.float64).dtype == .float64)
    #expect(Tensor(values, shape: [4], dtype: .float32).floats == values.map { Float($0) })
  }

  @Test func `constant tensors are what their names say`() {
    #expect(Tensor.zeros([2, 2]).values == [0, 0, 0, 0])
    #expect(Tensor.ones([3], dtype: .float32).floats == [1, 1, 1])
    #expect(Tensor(repeating: 2.5, shape: [2]).values == [2.5, 2.5])
    #expect(Tensor.iota(3).values == [0, 1, 2])
    #expect(Tensor.zeros([0, 3]).values.isEmpty)
  }

  @Test func `a storage keeps its bytes`() {
    let x = Tensor([1.5, -2] as [Float])
    let copy = Tensor(Storage(bytes: x.storage.bytes, dtype: .float32), filling: [1, 2])
    #expect(copy.floats == [1.5, -2] && copy.shape == [1, 2])
  }

  @Test func `a description shows type and first numbers`() {
    #expect(Tensor(1.5).description == "1.5")
    #expect(Tensor([1, 2]).description == "float64[2] [1.0, 2.0]")
    #expect(Tensor.iota(20).description.hasSuffix("14.0, 15.0, ...]"))
    _ = gradient(at: Tensor([1, 2])) { x in
      #expect(x.description == "tensor float64[2], traced")
      #expect(x.isSymbolic)
      return sum(x)
    }
  }

  @Test func `operators assign`() {
    var x: Tensor = [1, 2]
    x += 1
    x *= [2, 3]
    x -= 1
    x /= 2
    #expect(x.values == [1.5, 4])
  }

  @Test func `shapes broadcast by NumPy's rule`() {
    #expect(Shape([2, 1]).broadcast(with: [3]) == [2, 3])
    #expect(Shape([]).broadcast(with: [3]) == [3])
    #expect(Shape([0]).broadcast(with: [1]) == [0])
    #expect(Shape([2]).broadcast(with: [3]) == nil)
    #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
  }

  private struct Pair: TensorTree {
    var first: Tensor
    var rest: [Tensor]
    var last: Tensor?
    let constant: Tensor
    static let branches = Branches(\Pair.first, \.rest, \.last)
  }

  @Test func `a tree lists and replaces its tensors in order`() {
    let pair = Pair(first: 1, rest: [2, 3], last: 4, constant: 5)
    #expect(pair.leaves.map(\.scalar) == [1, 2, 3, 4])
    #expect(pair.leafList.paths == ["first", "rest.0", "rest.1", "last"])
    let doubled = pair.mapLeaves { 2 * $0 }
    #expect(doubled.leaves.map(\.scalar) == [2, 4, 6, 8] && doubled.constant.scalar == 5)
    #expect(pair.zipLeaves(doubled, +).leaves.map(\.scalar) == [3, 6, 9, 12])
    let without = Pair(first: 1, rest: [], last: nil, constant: 5)
    #expect(without.leafList.paths == ["first"])
  }
}
