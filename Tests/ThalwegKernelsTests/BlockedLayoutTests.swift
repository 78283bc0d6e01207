import CThalwegKernels
import Testing

@Suite struct BlockedLayoutTests {
  @Test(arguments: [
    ConvolutionCase(1, 1, 1, 1), ConvolutionCase(3, 1, 5, 7), ConvolutionCase(16, 1, 8, 8),
    ConvolutionCase(17, 1, 3, 5), ConvolutionCase(40, 1, 2, 2), ConvolutionCase(33, 1, 9, 11),
    ConvolutionCase(48, 1, 4, 16),
  ])
  func `blocks hold the same pixel of their channels`(_ example: ConvolutionCase) {
    for level in tw_level.available {
      check(BlockedRun<Float>(example: example, level: level, samplesPerCall: 1), lanes: 16)
      check(BlockedRun<Double>(example: example, level: level), lanes: 8)
    }
  }

  private func check<Scalar: BlockedScalar>(_ run: BlockedRun<Scalar>, lanes: Int) {
    let (channels, pixels) = (run.example.channels, run.example.pixels)
    let image = run.example.image
    let blocked = run.blocked(image, channels: channels, surplus: 5)
    let blocks = (channels + lanes - 1) / lanes
    for (index, value) in image.enumerated() {
      let (sample, channel, pixel) =
        (index / pixels / channels, index / pixels % channels, index % pixels)
      let block = sample * blocks + channel / lanes
      #expect(Double(blocked.start[(block * pixels + pixel) * lanes + channel % lanes]) == value)
    }
    #expect(run.unblocked(blocked, channels: channels) == image)
  }
}
