import CThalwegKernels
import Testing
import ThalwegTestSupport

@Suite struct BlockedConvolutionTests {
  static let examples = [
    ConvolutionCase(1, 1, 1, 1), ConvolutionCase(3, 17, 1, 1, isPeriodic: true),
    ConvolutionCase(1, 16, 5, 7), ConvolutionCase(3, 16, 8, 8), ConvolutionCase(17, 33, 7, 9),
    ConvolutionCase(33, 3, 4, 13, isPeriodic: true), ConvolutionCase(16, 16, 6, 32),
    ConvolutionCase(32, 48, 16, 16, isPeriodic: true), ConvolutionCase(20, 9, 3, 2),
    ConvolutionCase(64, 8, 2, 40), ConvolutionCase(5, 24, 1, 11, isPeriodic: true),
    ConvolutionCase(8, 7, 12, 1), ConvolutionCase(16, 32, 40, 24, batch: 1),
    ConvolutionCase(1, 1, 1, 1, kernel: 5), ConvolutionCase(17, 20, 9, 9, kernel: 5),
    ConvolutionCase(3, 16, 2, 3, kernel: 5, isPeriodic: true),
    ConvolutionCase(16, 3, 11, 10, kernel: 5, isPeriodic: true),
    ConvolutionCase(33, 17, 5, 31, kernel: 1), ConvolutionCase(1, 3, 1, 1, kernel: 1),
    ConvolutionCase(16, 16, 7, 7, kernel: 1, isPeriodic: true),
    ConvolutionCase(20, 34, 6, 6, kernel: 3, by: 1),
    ConvolutionCase(18, 16, 6, 9, kernel: 1, by: 5, isPeriodic: true),
  ]

  /// What a sum of so many terms loses, taken to be in proportion to the root of their number.
  private func allowed<Scalar: BlockedScalar>(_ terms: Int, _ scalar: Scalar.Type) -> Double {
    2 * Double(Scalar.ulpOfOne) * Double(terms).squareRoot()
  }

  private func expectPasses<Scalar: BlockedScalar>(
    _ run: BlockedRun<Scalar>, _ expected: ConvolutionCase.Passes, factor: Double = 1
  ) {
    let example = run.example
    let filters = factor * allowed(example.filters * example.taps, Scalar.self)
    let channels = factor * allowed(example.channels * example.taps, Scalar.self)
    let pixels = factor * allowed(example.batch * example.pixels, Scalar.self)
    expectClose(run.result, expected.result, relative: channels, "result")
    expectClose(run.image, expected.image, relative: filters, "image")
    expectClose(run.kernel, expected.kernel, relative: pixels, "kernel")
  }

  @Test(arguments: examples)
  func `each pass is that of the definition, with any instructions`(_ example: ConvolutionCase) {
    let expected = example.definition
    for level in tw_level.available {
      expectPasses(BlockedRun<Float>(example: example, level: level), expected)
      expectPasses(BlockedRun<Double>(example: example, level: level), expected)
    }
  }

  @Test(arguments: examples)
  func `the passes are adjoint to each other`(_ example: ConvolutionCase) {
    for level in tw_level.available {
      let run = BlockedRun<Double>(example: example, level: level)
      let sum = dot(run.result, example.cotangent)
      let scale = example.cotangent.map(\.magnitude).reduce(0, +)
      expectClose(dot(run.image, example.image), sum, relative: 1e-13, absolute: 1e-14 * scale)
      expectClose(dot(run.kernel, example.kernel), sum, relative: 1e-13, absolute: 1e-14 * scale)
    }
  }

  @Test(arguments: [
    ConvolutionCase(17, 33, 7, 9, batch: 7), ConvolutionCase(32, 16, 20, 32, batch: 5),
    ConvolutionCase(16, 16, 8, 8, kernel: 5, batch: 6, isPeriodic: true),
    ConvolutionCase(20, 33, 8, 8, kernel: 1, batch: 7),
  ])
  func `how the batch is cut changes no bit`(_ example: ConvolutionCase) {
    for level in tw_level.available {
      for samples in 1..<example.batch {
        expectSame(BlockedRun<Float>(example: example, level: level), samples)
        expectSame(BlockedRun<Double>(example: example, level: level), samples)
      }
    }
  }

  // MARK: - Winograd's method

  static let transformed = [
    ConvolutionCase(16, 16, 8, 8), ConvolutionCase(33, 17, 4, 4, batch: 5),
    ConvolutionCase(32, 48, 16, 12), ConvolutionCase(3, 20, 7, 9, isPeriodic: true),
    ConvolutionCase(64, 16, 6, 5, isPeriodic: true), ConvolutionCase(1, 1, 1, 1),
    ConvolutionCase(17, 1, 2, 3, isPeriodic: true), ConvolutionCase(32, 32, 20, 32, batch: 3),
  ]

  @Test(arguments: transformed)
  func `Winograd's method loses about two bits`(_ example: ConvolutionCase) {
    let expected = example.definition
    for level in tw_level.available {
      let single = BlockedRun<Float>(example: example, level: level, isTransformed: true)
      let double = BlockedRun<Double>(example: example, level: level, isTransformed: true)
      expectPasses(single, expected, factor: 4)
      expectPasses(double, expected, factor: 4)
    }
  }

  @Test(arguments: [
    ConvolutionCase(17, 33, 7, 9, batch: 7), ConvolutionCase(32, 16, 20, 32, batch: 5),
    ConvolutionCase(48, 16, 4, 4, batch: 9, isPeriodic: true),
  ])
  func `cutting changes no bit of Winograd's method`(_ example: ConvolutionCase) {
    for level in tw_level.available {
      for samples in 1..<example.batch {
        expectSame(BlockedRun<Float>(example: example, level: level, isTransformed: true), samples)
        expectSame(BlockedRun<Double>(example: example, level: level, isTransformed: true), samples)
      }
    }
  }

  private func expectSame<Scalar: BlockedScalar>(_ whole: BlockedRun<Scalar>, _ samples: Int) {
    var cut = whole
    cut.samplesPerCall = samples
    #expect(cut.result == whole.result)
    #expect(cut.image == whole.image)
    #expect(cut.kernel == whole.kernel)
  }

  // MARK: - No pixels

  @Test(arguments: [false, true])
  func `a batch of no samples has a gradient of 0`(isTransformed: Bool) {
    let example = ConvolutionCase(17, 3, 4, 4, batch: 0)
    let run = BlockedRun<Float>(example: example, isTransformed: isTransformed)
    #expect(run.kernel.allSatisfy { $0 == 0 })
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map(*).reduce(0, +) }
}
