import Testing
import Thalweg
import ThalwegTestSupport

func energy(_ q: Tensor) -> Tensor { 0.5 * sum(q * q) + sum(cos(q)) }

struct Oscillator: TensorTree {
  var stiffness: Tensor
  var damping: Tensor
  let name: String
  static let branches = Branches(\Oscillator.stiffness, \.damping)
}

/// The code of docs/architecture.md, up to the loop.
@Suite struct ArchitectureTests {
  @Test func `tensors compute at once`() {
    let x: Tensor = [[1, 2], [3, 4]]
    let y = matmul(x, x.transposed) / 2 + [1, 0]
    print(y.shape, y.dtype, y.values)  // [2, 2] float64 [3.5, 5.5, 6.5, 12.5]

    let single = Tensor([1, 2, 3] as [Float])
    print((2 * single + 1).dtype)  // float32

    #expect(y.shape == [2, 2] && y.dtype == .float64 && y.values == [3.5, 5.5, 6.5, 12.5])
    #expect((2 * single + 1).dtype == .float32)
  }

  @Test func `the same function is computed and differentiated`() {
    let q: Tensor = [0.5, 2]
    print(energy(q).scalar)  // 2.586435725343…
    print(gradient(at: q) { energy($0) }.values)  // q - sin q

    expectClose(energy(q).scalar, 0.125 + 2 + 0.8775825618903728 - 0.4161468365471424)
    expectClose(gradient(at: q) { energy($0) }, q - sin(q), relative: 1e-15)
  }

  @Test func `derivatives are differentiated`() {
    let (q, v): (Tensor, Tensor) = ([0.5, 2], [1, 0])
    let (slope, curvature) = jvp(at: q, along: v) { q in
      gradient(at: q) { energy($0) }
    }
    print(slope.values, curvature.values)  // the second is (1 - cos q) v

    expectClose(slope, q - sin(q), relative: 1e-15)
    expectClose(curvature, (1 - cos(q)) * v, relative: 1e-15)
  }

  @Test func `trees have gradients of their own type`() throws {
    let oscillator = Oscillator(stiffness: 4, damping: 0.1, name: "spring")
    let (value, slope) = try valueAndGradient(at: oscillator) { oscillator in
      oscillator.stiffness * exp(-oscillator.damping)
    }
    print(slope.stiffness.scalar, slope.damping.scalar, slope.name)
    print(oscillator.leafList.paths)  // ["stiffness", "damping"]

    expectClose(slope.stiffness.scalar, 0.9048374180359595)
    expectClose(slope.damping.scalar, -value.scalar)
    #expect(slope.name == "spring")
    #expect(oscillator.leafList.paths == ["stiffness", "damping"])
  }

  @Test func `a plan is a list of calls`() throws {
    let layer = compile { (x: Tensor, w: Tensor, b: Tensor) in
      tanh(matmul(x, w.transposed) + b)
    }
    let (x, w, b) = (Tensor.ones([4, 2]), Tensor.ones([3, 2]), Tensor.zeros([3]))
    let y = try layer(x, w, b)
    print(try layer.plan(for: x, w, b))

    expectClose(y, tanh(Tensor(repeating: 2, shape: [4, 3])), relative: 1e-15)
    expectListing(
      of: try layer.plan(for: x, w, b),
      """
      plan: 3 inputs → 1 outputs, 2 calls, arena 128 bytes
        0: matmul 1 × [4, 2] · [2, 3]ᵀ
        1: chain float64[4, 3]: add tanh
      """)
  }

  @Test func `a flow is one call, and its gradient another`() throws {
    let flow = Flow(
      ODE(Tensor(1.5)) { t, y, k in -k * tanh(y) }, over: 0...1, steps: 10,
      using: RungeKutta(.heun))
    let loss = compile { (flow: Flow<RungeKutta<ODE<Tensor>>>, y: Tensor) in
      let (loss, gradient) = try valueAndGradient(at: flow) { sum(try $0(y)) }
      return [loss] + gradient.leaves
    }
    print(try loss.plan(for: flow, [1, 2]))

    expectListing(
      of: try loss.plan(for: flow, [1, 2]),
      """
      plan: 2 inputs → 2 outputs, 5 calls, arena 832 bytes
        0: chain float64[]: negate
        1: loop × 10
             chain float64[2]: tanh multiply multiply add multiply add tanh multiply ... 10 in all
        2: sum [1, 2, 1]
        3: reversed loop × 10
             chain float64[2]: multiply multiply tanh multiply multiply add tanh square ... 21 in all
             sum [1, 2, 1]
             chain float64[]: add
        4: chain float64[]: negate
      """)
  }
}

/// Expects a plan to be printed as it is on a page, but for the scratch of chains that have to be
/// interpreted.
private func expectListing(
  of plan: Plan, _ lines: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let bytes = /arena \d+ bytes/
  #expect(
    "\(plan)".replacing(bytes, with: "") == lines.replacing(bytes, with: ""),
    sourceLocation: sourceLocation)
}
