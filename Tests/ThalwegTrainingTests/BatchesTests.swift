import Testing
import ThalwegTensors
import ThalwegTraining

@Suite struct BatchesTests {
  private let data = Dataset(
    pixels: (0..<23).map { UInt8($0) }, classes: (0..<23).map { UInt8($0 % 3) }, height: 1,
    width: 1, classCount: 3)

  @Test(arguments: [nil, 7] as [UInt64?])
  func `every example occurs once`(seed: UInt64?) {
    let batches = Batches(of: data, size: 5, seed: seed, keepsRemainder: true)
    #expect(batches.count == 5)
    #expect(batches.map(\.indices.count) == [5, 5, 5, 5, 3])
    #expect(batches.flatMap(\.indices).sorted() == Array(0..<23))
    #expect((batches.flatMap(\.indices) == Array(0..<23)) == (seed == nil))
  }

  @Test func `a remainder is left out unless it is wanted`() {
    let batches = Batches(of: data, size: 5, seed: 7)
    #expect(batches.count == 4 && batches.map(\.indices.count) == [5, 5, 5, 5])
    #expect(Set(batches.flatMap(\.indices)).count == 20)
  }

  @Test func `images and labels are those of the indices`() {
    for batch in Batches(of: data, size: 5, seed: 7) {
      #expect(batch.images.values == data.images(at: batch.indices).values)
      #expect(batch.labels.values == batch.indices.map { Double($0 % 3) })
    }
  }

  @Test func `the order depends on seed and epoch alone`() {
    func order(_ seed: UInt64, _ epoch: Int) -> [Int] {
      Batches(of: data, size: 5, seed: seed, epoch: epoch).flatMap(\.indices)
    }
    #expect(order(1, 0) == order(1, 0))
    #expect(Set([order(1, 0), order(1, 1), order(1, 2), order(2, 0), order(2, 1)]).count == 5)
  }

  @Test func `an epoch can be begun anywhere`() {
    let digits = Dataset.optdigits.test
    let all = Array(Batches(of: digits, size: 100, seed: 3, epoch: 4, shift: 2))
    let rest = Array(Batches(of: digits, size: 100, seed: 3, epoch: 4, shift: 2, startingAt: 9))
    #expect(rest.map(\.index) == Array(9..<13))
    for (a, b) in zip(all.dropFirst(9), rest) {
      #expect(a.indices == b.indices && a.images.values == b.images.values)
    }
  }

  @Test func `images are moved by up to the shift in every direction`() {
    // A single pixel in the middle of 5 × 5 shows where it went.
    let dot = Dataset(
      pixels: (0..<25).map { $0 == 12 ? 1 : 0 }, classes: [0], height: 5, width: 5, classCount: 1,
      maximum: 1)
    var places: [Int: Int] = [:]
    for epoch in 0..<900 {
      for batch in Batches(of: dot, size: 1, seed: 1, epoch: epoch, shift: 1) {
        places[batch.images.values.firstIndex(of: 1) ?? -1, default: 0] += 1
      }
    }
    #expect(places.keys.sorted() == [6, 7, 8, 11, 12, 13, 16, 17, 18])
    // Binomial of mean 100 and standard deviation 9.4: five of them.
    #expect(places.values.allSatisfy { (53...147).contains($0) })
  }
}
