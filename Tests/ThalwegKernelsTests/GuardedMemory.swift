import Foundation
import ThalwegKernels

/// A buffer right before or behind a page that may not be touched, so that reading or writing beyond
/// its ends stops the test.
final class GuardedMemory {
  let base: UnsafeMutableRawPointer
  let count: Int
  let dtype: DType
  private let map: UnsafeMutableRawPointer
  private let bytes: Int

  init(_ values: [Double], _ dtype: DType, isAtEnd: Bool) {
    let page = 4096
    let used = values.count * dtype.size
    let pages = (used + page - 1) / page
    count = values.count
    self.dtype = dtype
    bytes = (pages + 2) * page
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let map = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), map != MAP_FAILED else {
      fatalError("no memory")
    }
    self.map = map
    mprotect(map, page, PROT_NONE)
    mprotect(map + bytes - page, page, PROT_NONE)
    base = map + page + (isAtEnd ? pages * page - used : 0)
    for (index, value) in values.enumerated() {
      switch dtype {
      case .float32: (base + 4 * index).storeBytes(of: Float(value), as: Float.self)
      case .float64: (base + 8 * index).storeBytes(of: value, as: Double.self)
      }
    }
  }

  deinit { munmap(map, bytes) }

  var values: [Double] {
    (0..<count).map { index in
      dtype == .float32
        ? Double((base + 4 * index).load(as: Float.self)) : (base + 8 * index).load(as: Double.self)
    }
  }
}

extension ChainFunction {
  /// Runs the function, cut into parts at the given rows, on buffers in the order of their slots.
  func run(_ buffers: [GuardedMemory], cuts: [Int] = []) {
    let table: [UnsafeMutableRawPointer?] = [nil] + buffers.map(\.base)
    let bounds = [0] + cuts.sorted() + [rows]
    table.withUnsafeBufferPointer { table in
      guard let slots = table.baseAddress else { return }
      for (begin, end) in zip(bounds, bounds.dropFirst()) { _ = call(slots, rows: begin..<end) }
    }
  }
}

/// Whether two numbers are the same, bit for bit, but for what kind of NaN they are.
func isSame(_ a: Double, _ b: Double) -> Bool {
  a.bitPattern == b.bitPattern || a.isNaN && b.isNaN
}

/// The slots of a program's first buffers.
let slots: [Slot] = {
  var builder = ProgramBuilder()
  return (0..<64).map { _ in builder.input(count: 1, dtype: .float32) }
}()
