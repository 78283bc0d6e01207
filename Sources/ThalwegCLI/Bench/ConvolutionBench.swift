import Thalweg
import ThalwegKernels

/// Each pass of a 3×3 convolution against the peak of multiply-adds.
///
/// A program of one pass is timed, on images in the layout of the kernels: what is measured is the
/// pass with packing or unpacking its weights, without the conversion of images that a plan has at
/// its edges. Images come from the third-level cache.
enum ConvolutionBench {
  private static let batch = 64
  private static let shapes = [(16, 32), (32, 32), (64, 16), (112, 8), (128, 8)]

  private static let passes: [(name: String, pass: ConvolutionPass)] = [
    ("forward", .result), ("backward to the image", .image), ("backward to the kernel", .kernel),
  ]

  static let cases = shapes.flatMap { channels, side in
    passes.flatMap { name, pass in
      [false, true].map { isParallel in
        BenchCase(
          "convolution", "\(channels)x\(side)x\(side) \(name)",
          isParallel ? "all threads" : "1 thread"
        ) { example, settings in
          let settings = settings.applied(isParallel: isParallel)
          return try [measure(example, settings, pass, channels, side)]
        }
      }
    }
  }

  private static func measure(
    _ example: BenchCase, _ settings: BenchSettings, _ pass: ConvolutionPass, _ channels: Int,
    _ side: Int
  ) throws -> BenchRecord {
    let program = program(pass, channels, side)
    let count = batch * channels * side * side
    let image = Storage(chirp(count, phase: 0.7), dtype: .float32)
    let weights = 9 * channels * channels
    let amplitude = (1 / Double(9 * channels)).squareRoot()
    let kernel = Storage(chirp(weights, phase: 0.3, amplitude: amplitude), dtype: .float32)
    let inputs = pass == .kernel ? [image, image] : [image, kernel]
    let limit = { MachineBench.burst(threads: settings.threads) }
    let watch = try Stopwatch(settings, beside: limit) { _ = try program.run(inputs) }
    let operations = Double(2 * weights * batch * side * side)
    var record = BenchRecord(
      example, "µs per pass", watch, scale: 1e6, unit: "µs", settings: settings)
    record.rate(operations / watch.value, peak: watch.companions.max())
    return record
  }

  private static func program(
    _ pass: ConvolutionPass, _ channels: Int, _ side: Int
  ) -> Program {
    let (pixels, weights) = (batch * channels * side * side, 9 * channels * channels)
    let form = ConvolutionForm(
      batch: batch, channels: channels, height: side, width: side, filters: channels,
      kernelHeight: 3, kernelWidth: 3, resultHeight: side, resultWidth: side, stride: 1, top: 1,
      left: 1, groups: 1, isPeriodic: false)
    var builder = ProgramBuilder()
    let first = Operand(builder.input(count: pixels, dtype: .float32))
    let second = Operand(builder.input(count: pass == .kernel ? pixels : weights, dtype: .float32))
    let end = Operand(builder.output(count: pass == .kernel ? weights : pixels, dtype: .float32))
    let (image, kernel, result) =
      switch pass {
      case .result: (first, second, end)
      case .image: (end, second, first)
      case .kernel: (first, end, second)
      }
    builder.blockedConvolution(
      pass, image: image, kernel: kernel, result: result, form, .float32)
    return builder.finish()
  }
}
