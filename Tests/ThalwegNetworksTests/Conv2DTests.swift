import Testing
import ThalwegNetworks
import ThalwegTensors
import ThalwegTestSupport

@Suite struct Conv2DTests {
  @Test(arguments: [(1, 1), (2, 1), (1, 2)])
  func `the output is the sum over windows`(stride: Int, groups: Int) {
    let layer = Conv2D(4, 6, stride: stride, groups: groups, seed: 1, dtype: .float64)
    let biased = layer.replacingLeaves(with: [layer.weight, .random([6], seed: 2)])
    let x = Tensor.random([2, 4, 5, 5], seed: 3)
    let (image, kernel, bias) = (
      Numbers(x), Numbers(biased.weight), Numbers(biased.leaves[1])
    )
    let side = (5 - 1) / stride + 1
    let expected = tabulated([2, 6, side, side]) { index in
      let group = index[1] / (6 / groups)
      var total = bias[[index[1]]]
      for (c, k, l) in indices(of: [4 / groups, 3, 3]).map({ ($0[0], $0[1], $0[2]) }) {
        let (row, column) = (index[2] * stride + k - 1, index[3] * stride + l - 1)
        guard (0..<5).contains(row), (0..<5).contains(column) else { continue }
        let channel = group * (4 / groups) + c
        total += image[[index[0], channel, row, column]] * kernel[[index[1], c, k, l]]
      }
      return total
    }
    expectClose(biased(x), expected)
  }

  @Test func `a layer without bias has one leaf`() {
    #expect(Conv2D(2, 2, bias: false).leafList.paths == ["weight"])
    #expect(Conv2D(2, 2).leafList.paths == ["weight", "bias"])
  }

  @Test func `initial filters are bounded by fan-in and fan-out`() {
    let bound = (6.0 / Double(9 * 8 + 9 * 16)).squareRoot()
    let largest = Conv2D(8, 16, seed: 1).weight.values.map(\.magnitude).max() ?? 0
    #expect(largest <= bound && largest > 0.99 * bound)
  }
}
