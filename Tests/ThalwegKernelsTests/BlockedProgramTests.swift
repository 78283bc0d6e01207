import Testing
import ThalwegKernels
import ThalwegTestSupport

@Suite struct BlockedProgramTests {
  /// One pass of a case by a program.
  private func values(
    _ pass: ConvolutionPass, _ example: ConvolutionCase, _ dtype: DType,
    _ arithmetic: ConvolutionArithmetic? = nil
  ) throws -> [Double] {
    let images = example.batch * example.channels * example.pixels
    let results = example.batch * example.filters * example.pixels
    let weights = example.kernel.count
    let counts: [ConvolutionPass: Int] = [.image: images, .kernel: weights, .result: results]
    let numbers: [ConvolutionPass: [Double]] = [
      .image: example.image, .kernel: example.kernel, .result: example.cotangent,
    ]
    var builder = ProgramBuilder()
    var places: [ConvolutionPass: Operand] = [:]
    var inputs: [Storage] = []
    for array in [ConvolutionPass.image, .kernel, .result] {
      let count = try #require(counts[array])
      if array == pass {
        places[array] = Operand(builder.output(count: count, dtype: dtype))
      } else {
        places[array] = Operand(builder.input(count: count, dtype: dtype))
        inputs.append(Storage(try #require(numbers[array]), dtype: dtype))
      }
    }
    let image = try #require(places[.image])
    let kernel = try #require(places[.kernel])
    let result = try #require(places[.result])
    append(pass, image, kernel, result, example.form, arithmetic, dtype, to: &builder)
    return try builder.finish().run(inputs)[0].values
  }

  private func append(
    _ pass: ConvolutionPass, _ image: Operand, _ kernel: Operand, _ result: Operand,
    _ form: ConvolutionForm, _ arithmetic: ConvolutionArithmetic?, _ dtype: DType,
    to builder: inout ProgramBuilder
  ) {
    guard let arithmetic else {
      builder.convolution(pass, image: image, kernel: kernel, result: result, form, dtype)
      return
    }
    let (batch, pixels) = (form.batch, form.height * form.width)
    let lanes = dtype.channelsPerBlock
    func temporary(_ channels: Int) -> Operand {
      let padded = (channels + lanes - 1) / lanes * lanes
      return Operand(builder.temporary(count: batch * padded * pixels, dtype: dtype))
    }
    let (images, results) = (temporary(form.channels), temporary(form.filters))
    if pass != .image {
      builder.block(
        image, into: images, batch: batch, channels: form.channels, pixels: pixels, dtype)
    }
    if pass != .result {
      builder.block(
        result, into: results, batch: batch, channels: form.filters, pixels: pixels, dtype)
    }
    var chosen = form
    chosen.arithmetic = arithmetic
    builder.blockedConvolution(
      pass, image: images, kernel: kernel, result: results, chosen, dtype)
    if pass == .image {
      builder.unblock(
        images, into: image, batch: batch, channels: form.channels, pixels: pixels, dtype)
    } else if pass == .result {
      builder.unblock(
        results, into: result, batch: batch, channels: form.filters, pixels: pixels, dtype)
    }
  }

  @Test(
    arguments: [
      ConvolutionCase(3, 17, 6, 7), ConvolutionCase(16, 33, 8, 8, batch: 5, isPeriodic: true),
      ConvolutionCase(32, 32, 12, 12, batch: 114), ConvolutionCase(17, 20, 9, 9, kernel: 5),
    ], [ConvolutionArithmetic.exact, .fast])
  func `the blocked layout computes what the ordinary one does`(
    _ example: ConvolutionCase, _ arithmetic: ConvolutionArithmetic
  ) throws {
    for dtype in DType.allCases {
      for pass in [ConvolutionPass.result, .image, .kernel] {
        let expected = try values(pass, example, dtype)
        let actual = try values(pass, example, dtype, arithmetic)
        // Sums of up to 16 thousand terms; see BlockedConvolutionTests for what each may lose.
        expectClose(actual, expected, relative: dtype == .float32 ? 2e-5 : 4e-14, "\(pass)")
      }
    }
  }

  @Test func `forms that the kernels do not have are not blockable`() {
    let form = ConvolutionCase(4, 4, 8, 8).form
    #expect(form.isBlockable)
    let changes: [(inout ConvolutionForm) -> Void] = [
      { $0.stride = 2 }, { $0.groups = 2 }, { $0.kernelWidth = 2 }, { $0.kernelHeight = 7 },
      { $0.top = 0 }, { $0.left = 2 }, { $0.resultHeight = 7 }, { $0.resultWidth = 9 },
    ]
    for change in changes {
      var other = form
      change(&other)
      #expect(!other.isBlockable, "\(other)")
    }
  }
}

extension ConvolutionCase {
  fileprivate var form: ConvolutionForm {
    ConvolutionForm(
      batch: batch, channels: channels, height: height, width: width, filters: filters,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, resultHeight: height,
      resultWidth: width, stride: 1, top: kernelHeight / 2, left: kernelWidth / 2, groups: 1,
      isPeriodic: isPeriodic)
  }
}
