import Foundation
import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct ActivationTests {
  @Test func `values are those of the formulas`() {
    let x = Tensor([-2.0, -0.5, 0.25, 3])
    let formulas: [Activation: (Double) -> Double] = [
      .relu: { Swift.max($0, 0) }, .tanh: { Foundation.tanh($0) },
      .softplus: { Foundation.log(1 + Foundation.exp($0)) },
      .sigmoid: { 1 / (1 + Foundation.exp(-$0)) },
    ]
    for activation in Activation.allCases {
      guard let formula = formulas[activation] else {
        Issue.record("no formula for \(activation)")
        continue
      }
      expectClose(activation(x).values, x.values.map(formula), relative: 1e-14)
    }
  }

  @Test func `activations are found by name`() {
    #expect(Activation(rawValue: "tanh") == .tanh)
    #expect(Activation(rawValue: "swish") == nil)
  }
}
