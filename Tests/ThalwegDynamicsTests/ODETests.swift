import Testing
import Thalweg
import ThalwegTestSupport

@Suite struct ODETests {
  private struct Layer: TensorTree {
    var weight: Tensor
    let scale: Double
    static let branches = Branches(\Layer.weight)

    func callAsFunction(_ x: Tensor) -> Tensor { scale * tanh(weight * x) }
  }

  @Test func `the closure is given time, state and parameters in order`() {
    let field = ODE(Tensor([2]), Tensor([3])) { t, y, a, b in a * y + b * t }
    #expect(field(10, Tensor([1])).values == [32])
  }

  @Test func `a field without parameters has no leaves`() {
    let field = ODE { t, y in -y }
    #expect(field.leaves.isEmpty && field(0, Tensor([2])).values == [-2])
  }

  @Test func `parameters are trees and keep what is constant in them`() throws {
    let field = ODE(Layer(weight: [1, 2], scale: 3), [Tensor([4.0]), Tensor([5.0])]) {
      t, y, layer, rest in
      layer(y) + rest[0] * rest[1]
    }
    #expect(field.leafList.paths == ["stored.0.weight", "stored.1.0", "stored.1.1"])
    let (layer, rest) = field.parameters(as: Layer.self, [Tensor].self)
    #expect(layer.scale == 3 && layer.weight.values == [1, 2])
    #expect(rest.map(\.values) == [[4], [5]])
    let doubled = field.mapLeaves { 2 * $0 }
    #expect(doubled.parameters(as: Layer.self, [Tensor].self).0.scale == 3)
    expectClose(
      doubled(0, Tensor([0.0, 0.0])).values, [80, 80], relative: 1e-15)
  }

  @Test func `the gradient of a field is a field`() throws {
    let field = ODE(Tensor([2, 3]), Tensor([1])) { t, y, a, b in a * y * y + b * t }
    let state = Tensor([0.5, -2])
    let gradient = try valueAndGradient(at: field) { sum($0(4, state)) }.gradient
    let (a, b) = gradient.parameters(as: Tensor.self, Tensor.self)
    #expect(a.values == [0.25, 4] && b.values == [8])
    try expectDerivatives(of: { $0(1.5, state) }, at: field)
  }

  @Test func `what the closure captures is constant`() throws {
    let captured = Tensor([2])
    let field = ODE(Tensor([3])) { t, y, a in a * captured * y }
    let gradient = try valueAndGradient(at: field) { sum($0(0, Tensor([1]))) }.gradient
    #expect(field.leaves.count == 1 && gradient.leaves.map(\.values) == [[2]])
  }

  @Test func `functions are fields`() {
    @Sendable func spiral(_ t: Tensor, _ y: Tensor) -> Tensor { [-y[1], y[0]] }
    #expect(ODE(field: spiral)(0, Tensor([1, 2])).values == [-2, 1])
  }

  @Test func `an evaluation counts once however often it is used`() throws {
    let field = ODE { t, y in tanh(y) * t }
    let plan = try compile { (y: Tensor) in
      let slope = field(1, y)
      return slope * field(1, y) + field(2, y) + slope
    }.plan(for: Tensor([1, 2]))
    #expect(plan.evaluations == 2)
  }

  @Test func `parameters asked for as another type trap`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ODE(Tensor([1])) { t, y, a in a * y }.parameters(as: [Tensor].self)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("parameters: asked for Array<Tensor> where there is Tensor"))
  }

  @Test func `a field that changes the shape traps while its flow is traced`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let field = ODE { t, y in concatenate([y, y]) }
      _ = try Flow(field, over: 0...1, steps: 2, using: RungeKutta(.euler))([1, 2, 3])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("the closure returns shape [6] for a state of shape [3]"))
  }
}
