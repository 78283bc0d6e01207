import Testing
import ThalwegTensors
import ThalwegTestSupport
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
    let strong = Augmentation(shift: 2, angle: 0.3, scale: 0.2)
    let all = Array(Batches(of: digits, size: 100, seed: 3, epoch: 4, augmentation: strong))
    let rest = Array(
      Batches(of: digits, size: 100, seed: 3, epoch: 4, augmentation: strong, startingAt: 9))
    #expect(rest.map(\.index) == Array(9..<13))
    for (a, b) in zip(all.dropFirst(9), rest) {
      #expect(a.indices == b.indices && a.images.values == b.images.values)
    }
  }

  @Test func `images are distorted within the ranges and in every direction`() {
    // The first row is of ones, so that its mean after a shift of s rows in (-1, 1) is known.
    let line = Dataset(
      pixels: (0..<9).map { $0 < 3 ? 1 : 0 }, classes: [0], height: 3, width: 3, classCount: 1,
      maximum: 1)
    var shifts: [Double] = []
    for epoch in 0..<400 {
      let augmentation = Augmentation(shift: 1)
      for batch in Batches(of: line, size: 1, seed: 1, epoch: epoch, augmentation: augmentation) {
        // Down by s: 1 - s in the first row and s in the second. Up: 1 + s in the first alone.
        let (first, second) = (batch.images.values[1], batch.images.values[4])
        shifts.append(second > 0 ? second : first - 1)
      }
    }
    #expect(shifts.allSatisfy { (-1...1).contains($0) })
    // Uniform on ±1: the mean has a standard deviation of 0.029, the variance one of 0.015.
    let mean = shifts.reduce(0, +) / 400
    expectClose(mean, 0, absolute: 0.15)
    expectClose(shifts.reduce(0) { $0 + $1 * $1 } / 400, 1.0 / 3, absolute: 0.08)
  }

  @Test func `crops are whole pixels, and half of the images are mirrored`() {
    // One pixel of nine, beside the middle, tells shift and mirror.
    let point = Dataset(
      pixels: (0..<49).map { $0 == 25 ? 1 : 0 }, classes: [0], height: 7, width: 7, classCount: 1,
      maximum: 1)
    var counts: [Int: Int] = [:]
    for epoch in 0..<900 {
      let batches = Batches(
        of: point, size: 1, seed: 2, epoch: epoch,
        augmentation: Augmentation(crop: 1, mirrors: true))
      for batch in batches {
        let values = batch.images.values
        #expect(values.reduce(0, +) == 1 && values.max() == 1)
        counts[values.firstIndex(of: 1)!, default: 0] += 1
      }
    }
    // Column 4 or 2 and a shift of -1, 0 or 1: columns 1, 2, 3, 3, 4, 5 and rows 2, 3, 4.
    for row in 2...4 {
      for (column, share) in [(1, 1), (2, 1), (3, 2), (4, 1), (5, 1)] {
        // 50 expected a share: five standard deviations are 35, and 48 for two.
        let count = Double(counts[row * 7 + column] ?? 0)
        expectClose(count, Double(50 * share), absolute: share == 1 ? 35 : 48)
      }
    }
    #expect(counts.values.reduce(0, +) == 900)
  }
}
