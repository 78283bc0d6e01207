import Testing
import Thalweg
import ThalwegTestSupport

/// A network as programs write it.
private struct Net: Layer {
  var hidden = Dense(4, 8, seed: 1)
  var flow = Flow(
    ODE(Dense(8, 8, seed: 2)) { t, y, a in tanh(a(y)) }, over: 0...1, steps: 4,
    using: RungeKutta(.classic))
  var output = Dense(8, 3, seed: 3)

  static let branches = Branches(\Net.hidden, \.flow, \.output)

  func callAsFunction(_ x: Tensor) -> Tensor { output(flow.applied(to: hidden(x))) }
}

/// How the library is called by programs that import all of it.
@Suite struct CallSiteTests {
  private let image = Tensor.random([6, 4], dtype: .float32, seed: 1)
  private let label = Tensor([0.0, 1, 2, 0, 1, 2])

  @Test func `a loss is compiled`() throws {
    let step = compile { (net: Net, image: Tensor, label: Tensor) in
      softmaxCrossEntropy(net(image), label)
    }
    let net = Net()
    expectClose(
      try step(net, image, label), softmaxCrossEntropy(net(image), label), relative: 1e-6)
  }

  @Test func `a network with a flow inside is trained`() throws {
    var (net, optimizer) = (Net(), Adam(learningRate: 0.05))
    var losses: [Double] = []
    for _ in 0..<60 {
      let (loss, gradient) = try valueAndGradient(at: net) { net in
        softmaxCrossEntropy(net(image), label)
      }
      optimizer.update(&net, along: gradient)
      losses.append(loss.scalar)
    }
    #expect(losses[59] < 0.1 * losses[0])
  }
}
