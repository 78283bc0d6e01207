import Testing
import Thalweg

@Suite struct VectorSpaceTests {
  private struct Point: VectorSpace {
    var x: Tensor
    var rest: [Tensor]
    static let branches = Branches(\Point.x, \.rest)

    var numbers: [[Double]] { leaves.map(\.values) }
  }

  private let a = Point(x: [1, 2], rest: [3, 4])
  private let b = Point(x: [10, 20], rest: [30, 40])

  @Test func `states are added and scaled leaf by leaf`() {
    #expect((a + b).numbers == [[11, 22], [33], [44]])
    #expect((b - a).numbers == [[9, 18], [27], [36]])
    #expect((Tensor(2) * a).numbers == [[2, 4], [6], [8]])
  }

  @Test func `slopes are added by their weights`() {
    let sum = a.adding(2, [0.5, 0, 1], [b, a, a])
    // 1 + 10 + 2, and so on.
    #expect(sum.numbers == [[13, 26], [39], [52]])
  }

  @Test func `slopes of weight zero are not looked at`() {
    let broken = Point(x: [.init(Double.nan), 0], rest: [0, 0])
    #expect(a.adding(1, [0, 1], [broken, b]).numbers == (a + b).numbers)
    #expect(a.adding(1, [], []).numbers == a.numbers)
  }

  @Test func `states of different structure do not mix`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = [Tensor([1])].zipLeaves([Tensor([1]), Tensor([2])]) { $0 + $1 }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("has 1 leaves on one side and 2 on the other"))
  }
}
