import Testing
import Thalweg

/// One parameter comes with its own type, several as a tuple.
@Suite struct ParametersTests {
  /// The derivative by the only parameter, for any method.
  private func slope(_ flow: Flow<some Integrator<ODE<Tensor>>>) throws -> Tensor {
    try valueAndGradient(at: flow) { sum(try $0([1, 2])) }.gradient.dynamics
      .parameters(as: Tensor.self)
  }

  @Test func `the only parameter is a value like others`() throws {
    let growth = ODE(Tensor(2)) { t, y, k in k + 0 * y }
    let flow = Flow(growth, over: 0...3, steps: 6, using: RungeKutta(.euler))
    #expect(try slope(flow).values == [6])
    #expect(try slope(Flow(growth, over: 0...3, steps: 6, using: ReversibleHeun())).values == [6])
    // Each of these did not compile where the parameter was a pack of one.
    let rows = [("value", Tensor(1)), ("parameter", growth.parameters(as: Tensor.self))]
    #expect(rows.map(\.1.scalar) == [1, 2])
    #expect("\(growth.parameters(as: Tensor.self).values)" == "[2.0]")
  }

  @Test func `all dynamics and events have it`() {
    let k = Tensor([3])
    let separable = SeparableODE(k) { t, p, k in
      p
    } force: { t, q, k in
      -k * q
    }
    let energies = SeparableHamiltonian(k) { p, k in
      sum(p * p)
    } potential: { q, k in
      sum(k * q)
    }
    let wave = SecondOrderODE(k) { t, y, k in -k * y }
    let descent = GradientFlow(k) { y, k in sum(k * y) }
    let event = Event<Tensor>("event", .rising, k) { t, y, k in sum(k * y) }
      .apply(2 * k) { t, y, k in k * y }
    let found = [
      separable.parameters(as: Tensor.self), energies.parameters(as: Tensor.self),
      wave.parameters(as: Tensor.self), descent.parameters(as: Tensor.self),
      event.parameters(as: Tensor.self), event.parametersOfChange(as: Tensor.self),
    ]
    #expect(found.map(\.values) == [[3], [3], [3], [3], [3], [6]])
  }

  @Test func `dynamics say what they are`() {
    #expect("\(ODE { t, y in -y })" == "ODE<Tensor> without parameters")
    let field = ODE(Tensor(2), Tensor([1, 2])) { t, y, a, b in a * b * y }
    #expect("\(field)" == "ODE<Tensor> with parameters float64[], float64[2]")
    let wave = SecondOrderODE(Array(repeating: Tensor([3]), count: 8)) { t, y, k in -k[0] * y }
    #expect("\(wave)".hasPrefix("SecondOrderODE with parameters float64[1], "))
    #expect("\(wave)".hasSuffix(", float64[1] and 2 more"))
    let sum = Split(explicit: field, implicit: field)
    #expect(
      "\(sum)"
        == "Split<ODE<Tensor>, ODE<Tensor>> with parameters"
        + " float64[], float64[2], float64[], float64[2]")
  }
}
