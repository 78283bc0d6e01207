import CThalwegKernels
import Testing

/// The three passes of a case by the kernels for the blocked layout.
struct BlockedRun<Scalar: BlockedScalar> {
  typealias Buffer = GuardedBuffer<Scalar>

  let example: ConvolutionCase
  var level: tw_level = TW_LEVEL_BEST
  /// Whether Winograd's method is used.
  var isTransformed = false
  /// The samples of each call.
  var samplesPerCall: Int?

  private var kernels: BlockedKernels { Scalar.kernels }
  private var lanes: Int { Int(TW_BLOCK_BYTES) / MemoryLayout<Scalar>.size }

  private func blockedCount(_ channels: Int, _ pixels: Int) -> Int {
    (channels + lanes - 1) / lanes * lanes * pixels
  }

  /// All samples, some at a time; one part where there are none.
  private var parts: [tw_part] {
    let step = samplesPerCall ?? max(example.batch, 1)
    return stride(from: 0, to: max(example.batch, 1), by: step).map {
      tw_part(
        begin: Int64($0), end: Int64(min($0 + step, example.batch)), first: $0 == 0 ? 1 : 0,
        worker: 0)
    }
  }

  // MARK: - Layout

  private func blocking(_ channels: Int) -> tw_blocking {
    var header = tw_blocking()
    header.blocked.slot = 1
    header.level = Int32(level.rawValue)
    header.batch = Int64(example.batch)
    header.channels = Int64(channels)
    header.pixels = Int64(example.pixels)
    return header
  }

  /// Images in blocks, their surplus channels filled with a number that must not matter.
  func blocked(_ values: [Double], channels: Int, surplus: Scalar = 0) -> Buffer {
    let count = example.batch * blockedCount(channels, example.pixels)
    let buffer = Buffer(count: count)
    #expect(Buffer.run(kernels.block, blocking(channels), [Buffer(values), buffer], parts: parts))
    for index in 0..<count where channel(index, channels) >= channels {
      #expect(buffer.start[index] == 0)
      buffer.start[index] = surplus
    }
    return buffer
  }

  /// The channel to which an element of the blocked layout belongs.
  private func channel(_ element: Int, _ channels: Int) -> Int {
    let block = element / (lanes * example.pixels) % ((channels + lanes - 1) / lanes)
    return block * lanes + element % lanes
  }

  func unblocked(_ buffer: Buffer, channels: Int) -> [Double] {
    let plain = Buffer(count: example.batch * channels * example.pixels)
    #expect(Buffer.run(kernels.unblock, blocking(channels), [plain, buffer], parts: parts))
    return plain.values
  }

  // MARK: - Kernels of convolutions

  private func packing(_ filters: Int, _ channels: Int) -> tw_packing {
    var header = tw_packing()
    header.packed.slot = 1
    header.transformed.slot = 2
    header.level = Int32(level.rawValue)
    header.filters = Int64(filters)
    header.channels = Int64(channels)
    header.kernel_height = Int64(example.kernelHeight)
    header.kernel_width = Int64(example.kernelWidth)
    return header
  }

  private func weightCount(_ filters: Int, _ channels: Int) -> Int {
    blockedCount(filters, isTransformed ? (channels + 1) * 36 : channels * example.taps)
  }

  private func packed(adjoint: Bool) -> Buffer {
    let (filters, channels) = (example.filters, example.channels)
    let (lanes, sums) = adjoint ? (channels, filters) : (filters, channels)
    let plain = Buffer(example.kernel)
    let packed = Buffer(count: blockedCount(lanes, sums * example.taps))
    let function = adjoint ? kernels.packAdjoint : kernels.pack
    #expect(Buffer.run(function, packing(filters, channels), [plain, packed]))
    guard isTransformed else { return packed }
    let transformed = Buffer(count: weightCount(lanes, sums))
    #expect(Buffer.run(kernels.transform, packing(lanes, sums), [plain, packed, transformed]))
    return transformed
  }

  private func unpacked(_ weights: Buffer) -> [Double] {
    let (filters, channels) = (example.filters, example.channels)
    let plain = Buffer(count: filters * channels * example.taps)
    let header = packing(filters, channels)
    var packed = weights
    if isTransformed {
      packed = Buffer(count: blockedCount(filters, channels * example.taps))
      #expect(Buffer.run(kernels.transformAdjoint, header, [plain, packed, weights]))
    }
    #expect(Buffer.run(kernels.unpack, header, [plain, packed]))
    return plain.values
  }

  // MARK: - Passes

  private func convolution(_ channels: Int, _ filters: Int) -> tw_blocked_convolution {
    var header = tw_blocked_convolution()
    header.kernel.slot = 1
    header.result.slot = 2
    header.scratch = 3
    header.periodic = example.isPeriodic ? 1 : 0
    header.level = Int32(level.rawValue)
    header.batch = Int64(example.batch)
    header.channels = Int64(channels)
    header.filters = Int64(filters)
    header.height = Int64(example.height)
    header.width = Int64(example.width)
    header.kernel_height = Int64(example.kernelHeight)
    header.kernel_width = Int64(example.kernelWidth)
    return header
  }

  private func scratch(_ header: tw_blocked_convolution) -> Buffer {
    Buffer(count: withUnsafePointer(to: header) { Int(kernels.winogradScratch($0)) })
  }

  private func convolved(_ input: Buffer, adjoint: Bool) -> Buffer {
    let (channels, filters) =
      adjoint
      ? (example.filters, example.channels) : (example.channels, example.filters)
    let header = convolution(channels, filters)
    let output = Buffer(count: example.batch * blockedCount(filters, example.pixels))
    let function = isTransformed ? kernels.winograd : kernels.convolve
    #expect(
      Buffer.run(
        function, header, [input, packed(adjoint: adjoint), output, scratch(header)], parts: parts))
    for index in 0..<output.count where channel(index, filters) >= filters {
      #expect(output.start[index] == 0)
    }
    return output
  }

  var result: [Double] {
    let image = blocked(example.image, channels: example.channels, surplus: 7)
    return unblocked(convolved(image, adjoint: false), channels: example.filters)
  }

  var image: [Double] {
    let cotangent = blocked(example.cotangent, channels: example.filters, surplus: -3)
    return unblocked(convolved(cotangent, adjoint: true), channels: example.channels)
  }

  var kernel: [Double] {
    let header = convolution(example.channels, example.filters)
    let weights = Buffer(count: weightCount(example.filters, example.channels))
    let buffers = [
      blocked(example.image, channels: example.channels, surplus: 7), weights,
      blocked(example.cotangent, channels: example.filters, surplus: -3), scratch(header),
    ]
    let function = isTransformed ? kernels.winogradKernel : kernels.convolveKernel
    #expect(Buffer.run(function, header, buffers, parts: parts))
    return unpacked(weights)
  }
}
