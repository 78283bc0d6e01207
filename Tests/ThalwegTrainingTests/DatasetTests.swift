import Testing
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

@Suite struct DatasetTests {
  /// Sums of the numbers in the files of the repository, taken by awk.
  @Test func `the digits that come along are those of the repository`() {
    let (training, test) = (Dataset.optdigits.training, Dataset.optdigits.test)
    #expect(training.count == 3823 && test.count == 1397)
    func counts(_ data: Dataset) -> [Int] {
      (0..<10).map { digit in data.classes.count { $0 == digit } }
    }
    #expect(counts(training) == [376, 389, 380, 389, 387, 376, 377, 387, 380, 382])
    #expect(counts(test) == [138, 142, 137, 143, 141, 142, 141, 139, 134, 140])
    func sums(_ data: Dataset) -> [Int] {
      data.pixels.enumerated().reduce(into: [0, 0]) { sums, pixel in
        sums[0] += Int(pixel.element)
        sums[1] += Int(pixel.element) * (pixel.offset % 64 + 1)
      }
    }
    #expect(sums(training) == [1_204_758, 39_175_263])
    #expect(sums(test) == [436_926, 14_183_738])
  }

  private let small = Dataset(
    pixels: [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60], classes: [2, 0], height: 2, width: 3,
    classCount: 3, maximum: 10)

  @Test func `pixels become numbers from 0 to 1`() {
    #expect(small.images.shape == [2, 1, 2, 3])
    #expect(small.images.dtype == .float32)
    expectClose(small.images(at: [0]).values, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], relative: 1e-7)
    #expect(small.labels.values == [2, 0])
    #expect(small.labels(at: [1, 1, 0]).values == [0, 0, 2])
  }

  @Test(arguments: [
    (0, 0, [1, 2, 3, 4, 5, 6]), (1, 0, [0, 0, 0, 1, 2, 3]), (-1, 0, [4, 5, 6, 0, 0, 0]),
    (0, 1, [0, 1, 2, 0, 4, 5]), (0, -1, [2, 3, 0, 5, 6, 0]), (1, -2, [0, 0, 0, 3, 0, 0]),
    (0, 7, [0, 0, 0, 0, 0, 0]), (0, -7, [0, 0, 0, 0, 0, 0]), (5, 0, [0, 0, 0, 0, 0, 0]),
  ])
  func `a shift moves rows and columns`(rows: Int, columns: Int, expected: [Double]) {
    let moved = small.images(
      at: [0], distortions: [Distortion(rows: Double(rows), columns: Double(columns))])
    expectClose(moved.values, expected.map { $0 / 10 }, relative: 1e-7)
  }

  @Test func `left and right are exchanged before the image moves`() {
    let mirrored = small.images(at: [0], distortions: [Distortion(isMirrored: true)])
    expectClose(mirrored.values, [0.3, 0.2, 0.1, 0.6, 0.5, 0.4], relative: 1e-7)
    let moved = small.images(at: [0], distortions: [Distortion(columns: 1, isMirrored: true)])
    expectClose(moved.values, [0, 0.3, 0.2, 0, 0.6, 0.5], relative: 1e-7)
  }

  @Test func `standardised images have mean 0 and deviation 1`() {
    let standard = small.standardized()
    // The deviation of 1 to 6 is √(35/12); the second image is the first but for a factor.
    let expected = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map { $0 / (35.0 / 12).squareRoot() }
    let values = standard.images.values
    let deviation = (35.0 / 12).squareRoot() / 10
    // That of the first, 0.17, is less than 1/√6.
    expectClose(
      Array(values[..<6]), expected.map { $0 * deviation * 6.0.squareRoot() }, relative: 1e-6)
    expectClose(Array(values[6...]), expected, relative: 1e-6)
    let moved = standard.images(at: [1], distortions: [Distortion(rows: 1)]).values
    expectClose(moved, [0, 0, 0] + expected[..<3], relative: 1e-6)
  }

  @Test func `channels are shifted alike`() {
    let two = Dataset(
      pixels: [1, 2, 3, 4, 5, 6, 7, 8], classes: [0], channels: 2, height: 2, width: 2,
      classCount: 1, maximum: 1)
    #expect(
      two.images(at: [0], distortions: [Distortion(rows: 1, columns: 1)]).values == [
        0, 0, 0, 1, 0, 0, 0, 5,
      ])
  }

  @Test func `images are interpolated between pixels`() {
    let moved = small.images(at: [0], distortions: [Distortion(columns: 0.25)])
    // A quarter of the pixel to the left and three of the own.
    expectClose(moved.values, [0.075, 0.175, 0.275, 0.3, 0.475, 0.575], relative: 1e-6)
  }

  @Test func `a quarter turn and a doubling are exact`() {
    let square = Dataset(
      pixels: [1, 2, 3, 4, 5, 6, 7, 8, 9], classes: [0], height: 3, width: 3, classCount: 1,
      maximum: 1)
    let turned = square.images(at: [0], distortions: [Distortion(angle: .pi / 2)])
    // What was on the right is below.
    expectClose(turned.values, [7, 4, 1, 8, 5, 2, 9, 6, 3], absolute: 1e-5)
    let doubled = square.images(at: [0], distortions: [Distortion(heightScale: 2)])
    expectClose(doubled.values, [2.5, 3.5, 4.5, 4, 5, 6, 5.5, 6.5, 7.5], relative: 1e-6)
  }

  @Test func `no distortion changes nothing`() {
    let digits = Dataset.optdigits.test
    let indices = Array(0..<50)
    let plain = digits.images(at: indices)
    let drawn = digits.images(at: indices, distortions: indices.map { _ in Distortion() })
    #expect(plain.values == drawn.values)
  }
}
