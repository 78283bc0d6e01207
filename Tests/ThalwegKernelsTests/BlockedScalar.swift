import CThalwegKernels

/// A type of numbers, with the kernels for it.
protocol BlockedScalar: BinaryFloatingPoint & BitwiseCopyable {
  static var kernels: BlockedKernels { get }
}

struct BlockedKernels {
  var block: tw_kernel
  var unblock: tw_kernel
  var pack: tw_kernel
  var packAdjoint: tw_kernel
  var unpack: tw_kernel
  var transform: tw_kernel
  var transformAdjoint: tw_kernel
  var convolve: tw_kernel
  var convolveKernel: tw_kernel
  var winograd: tw_kernel
  var winogradKernel: tw_kernel
  var winogradScratch: (UnsafePointer<tw_blocked_convolution>?) -> Int64
}

extension Float: BlockedScalar {
  static var kernels: BlockedKernels {
    BlockedKernels(
      block: tw_block_f32, unblock: tw_unblock_f32, pack: tw_pack_f32,
      packAdjoint: tw_pack_adjoint_f32, unpack: tw_unpack_f32, transform: tw_transform_f32,
      transformAdjoint: tw_transform_adjoint_f32, convolve: tw_blocked_convolve_f32,
      convolveKernel: tw_blocked_convolve_kernel_f32, winograd: tw_winograd_f32,
      winogradKernel: tw_winograd_kernel_f32, winogradScratch: tw_winograd_scratch_f32)
  }
}

extension Double: BlockedScalar {
  static var kernels: BlockedKernels {
    BlockedKernels(
      block: tw_block_f64, unblock: tw_unblock_f64, pack: tw_pack_f64,
      packAdjoint: tw_pack_adjoint_f64, unpack: tw_unpack_f64, transform: tw_transform_f64,
      transformAdjoint: tw_transform_adjoint_f64, convolve: tw_blocked_convolve_f64,
      convolveKernel: tw_blocked_convolve_kernel_f64, winograd: tw_winograd_f64,
      winogradKernel: tw_winograd_kernel_f64, winogradScratch: tw_winograd_scratch_f64)
  }
}

extension tw_level {
  /// The levels that this machine has, named as an argument of a test.
  static var available: [tw_level] {
    [TW_LEVEL_PORTABLE, TW_LEVEL_AVX2, TW_LEVEL_AVX512].filter {
      $0.rawValue <= tw_level_of_machine().rawValue
    }
  }
}

/// Memory of a kernel, with a margin on both sides that must stay as it is.
final class GuardedBuffer<Scalar: BlockedScalar> {
  private static var margin: Int { 32 }
  private static var mark: Scalar { 12_345 }
  private let base: UnsafeMutablePointer<Scalar>
  let count: Int

  init(count: Int) {
    self.count = count
    base = .allocate(capacity: count + 2 * Self.margin)
    base.initialize(repeating: Self.mark, count: count + 2 * Self.margin)
  }

  convenience init(_ values: [Double]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { start[index] = Scalar(value) }
  }

  deinit { base.deallocate() }

  var start: UnsafeMutablePointer<Scalar> { base + Self.margin }
  var values: [Double] { (0..<count).map { Double(start[$0]) } }
  /// The numbers bit by bit, so that comparisons are exact.
  var scalars: [Scalar] { (0..<count).map { start[$0] } }

  var isIntact: Bool {
    (0..<Self.margin).allSatisfy {
      base[$0] == Self.mark && base[Self.margin + count + $0] == Self.mark
    }
  }

  /// Runs a kernel on buffers: slot k is the k-th.
  static func run<Arguments>(
    _ kernel: tw_kernel, _ arguments: Arguments, _ buffers: [GuardedBuffer],
    parts: [tw_part] = [tw_part(begin: 0, end: 1, first: 1, worker: 0)]
  ) -> Bool {
    let slots = buffers.map { Optional(UnsafeMutableRawPointer($0.start)) }
    var status: Int32 = 0
    for part in parts {
      withUnsafePointer(to: arguments) { arguments in
        withUnsafePointer(to: part) { status |= kernel(arguments, slots, $0) }
      }
    }
    return status == 0 && buffers.allSatisfy(\.isIntact)
  }
}
