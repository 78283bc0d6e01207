import Testing
import ThalwegTensors
import ThalwegTraining

@Suite struct PrefetchTests {
  private let digits = Dataset.optdigits.test

  private func batches(startingAt start: Int = 0) -> Batches {
    Batches(
      of: digits, size: 64, seed: 3, epoch: 2, augmentation: .handwriting, startingAt: start)
  }

  @Test(arguments: [1, 2, 5, 100])
  func `batches made ahead are the same in the same order`(depth: Int) {
    for start in [0, 7, 20, 21] {
      let (plain, ahead) = (
        Array(batches(startingAt: start)),
        Array(batches(startingAt: start).prefetched(depth: depth))
      )
      #expect(plain.map(\.index) == ahead.map(\.index))
      for (a, b) in zip(plain, ahead) {
        #expect(a.indices == b.indices && a.images.storage.bytes == b.images.storage.bytes)
        #expect(a.labels.values == b.labels.values)
      }
    }
  }

  @Test func `a loop can be left, and begun again`() {
    let ahead = batches().prefetched(depth: 4)
    for _ in 0..<50 {
      for batch in ahead where batch.index == 1 { break }
    }
    #expect(ahead.map(\.index) == Array(0..<21))
  }
}
