import Foundation
import Testing
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

@Suite struct SoftmaxCrossEntropyTests {
  private let logits = Tensor([1, 2, 3, 0, -1, 5], shape: [2, 3])

  @Test func `the loss is the mean of log Σ exp z - z[label]`() {
    func row(_ z: [Double], _ label: Int) -> Double {
      Foundation.log(z.reduce(0) { $0 + Foundation.exp($1) }) - z[label]
    }
    let expected = (row([1, 2, 3], 0) + row([0, -1, 5], 2)) / 2
    expectClose(softmaxCrossEntropy(logits, Tensor([0.0, 2])).scalar, expected)
  }

  @Test func `rows of probabilities serve as labels`() {
    let oneHot = Tensor([1, 0, 0, 0, 0, 1], shape: [2, 3])
    expectClose(
      softmaxCrossEntropy(logits, oneHot), softmaxCrossEntropy(logits, Tensor([0.0, 2])))
    // Of equal logits every label costs log 3, and so do mixtures of them.
    let mixed = Tensor([0.2, 0.3, 0.5], shape: [1, 3])
    expectClose(
      softmaxCrossEntropy(Tensor.zeros([1, 3]), mixed).scalar, Foundation.log(3.0))
  }

  @Test func `the gradient is softmax minus one-hot over the number of rows`() throws {
    let labels = Tensor([0.0, 2])
    let gradient = try valueAndGradient(at: logits) { softmaxCrossEntropy($0, labels) }.gradient
    expectClose(gradient, (softmax(logits) - labels.oneHot(3)) / 2)
    try expectDerivatives(of: { softmaxCrossEntropy($0, labels) }, at: logits)
  }

  @Test func `large logits do not overflow`() {
    let large = Tensor([1000, 0, -1000], shape: [1, 3])
    #expect(softmaxCrossEntropy(large, Tensor([0.0])).scalar == 0)
    #expect(softmaxCrossEntropy(large, Tensor([2.0])).scalar == 2000)
  }

  @Test func `labels follow the precision of the logits`() {
    let loss = softmaxCrossEntropy(logits.to(.float32), Tensor([0.0, 2]))
    #expect(loss.dtype == .float32)
  }

  @Test(arguments: [3.0, -1, 0.5, .nan])
  func `a label that is no class makes the loss NaN`(label: Double) {
    #expect(softmaxCrossEntropy(logits, Tensor([label, 0])).scalar.isNaN)
  }

  @Test func `leading axes are those of a batch`() {
    let logits = Tensor.random([2, 3, 4], seed: 1)
    let labels = Tensor([0, 1, 2, 3, 0, 1], shape: [2, 3])
    expectClose(
      softmaxCrossEntropy(logits, labels),
      softmaxCrossEntropy(logits.reshaped(to: [6, 4]), labels.reshaped(to: [6])))
  }

  @Test func `accuracy is the share of greatest logits at the right class`() {
    #expect(accuracy(logits, Tensor([0.0, 2])).scalar == 0.5)
    #expect(accuracy(logits, Tensor([2.0, 2])).scalar == 1)
    #expect(accuracy(logits, Tensor([1.0, 0])).scalar == 0)
  }

  @Test func `what is not the only greatest is not right`() {
    #expect(accuracy(.zeros([1, 3]), Tensor([0.0])).scalar == 0)
    #expect(accuracy(Tensor([.nan, 1, 2], shape: [1, 3]), Tensor([2.0])).scalar == 0)
  }
}
