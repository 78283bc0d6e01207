import Testing
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct FlowLayerTests {
  /// y' = y², which is infinite after a step of forward Euler from 1e200.
  private let exploding = Flow(
    ODE { t, y in y * y }, over: 0...1, steps: 3, using: RungeKutta(.euler))

  @Test func `a flow stands in a chain of layers`() throws {
    let decay = Flow(ODE { t, y in -y }, over: 0...1, steps: 2, using: RungeKutta(.euler))
    let chain = Sequential(decay, Activation.relu)
    // Two steps of forward Euler of size 1/2 halve twice.
    expectClose(chain(Tensor([4.0, -4])), Tensor([1.0, 0]))
  }

  @Test func `a call of the flow itself throws`() throws {
    #expect(throws: IntegrationError.self) { try exploding(Tensor([1e200])) }
  }

  @Test func `a layer that fails is NaN`() {
    let chain = Sequential(exploding)
    let y = chain(Tensor([1e200, 1]))
    #expect(y.shape == [2] && y.values.allSatisfy(\.isNaN))
    // And it recovers.
    #expect(chain(Tensor([0.0, 0])).values == [0, 0])
  }

  @Test func `a compiled layer that fails throws`() throws {
    let chain = Sequential(exploding)
    let function = compile { (chain: Sequential, x: Tensor) in chain(x) }
    #expect(try function(chain, Tensor([0.0])).values == [0])
    #expect(throws: IntegrationError.self) { try function(chain, Tensor([1e200])) }
  }

  @Test func `halves of channels are position and momentum`() throws {
    let drift = Flow(
      SeparableODE { t, p in
        p
      } force: { t, q in
        0 * q
      }, over: 0...1, steps: 4, using: Verlet())
    let x = Tensor.random([2, 4, 3, 3], seed: 1)
    let halves = x.split(into: 2, along: 1)
    expectClose(
      HalvedFlow(drift)(x), concatenate([halves[0] + halves[1], halves[1]], along: 1))
  }

  @Test func `a resting flow begins with velocity 0`() throws {
    let fall = Flow(
      SeparableODE { t, p in
        p
      } force: { t, q in
        0 * q + 2
      }, over: 0...3, steps: 4,
      using: Verlet())
    // q = q₀ + a t²/2, exact for a constant force.
    expectClose(RestingFlow(fall)(Tensor([1.0, 5])), Tensor([10.0, 14]))
  }
}
