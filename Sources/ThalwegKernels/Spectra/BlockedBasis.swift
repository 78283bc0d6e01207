internal import COpenBLAS
internal import CThalwegKernels

/// Orthonormal vectors of one length, which are stored by blocks of rows that fit into a cache.
///
/// Everything is done block by block, on all threads. Sums over blocks are formed in the order of the
/// blocks, so that results do not depend on the threads.
struct BlockedBasis {
  /// The rows of a block.
  private static let height = 1024
  private let size: Int
  private let capacity: Int
  private let blocks: Int
  private var values: [Double]
  private var sums: [Double]

  /// Room for so many vectors.
  init(size: Int, capacity: Int) {
    useOneThreadOfBLAS()
    self.size = size
    self.capacity = capacity
    blocks = (size + Self.height - 1) / Self.height
    values = [Double](repeating: 0, count: blocks * Self.height * capacity)
    sums = [Double](repeating: 0, count: blocks * (capacity + 1))
  }

  private func place(_ block: Int, _ column: Int) -> Int {
    (block * capacity + column) * Self.height
  }

  private func rows(of block: Int) -> Range<Int> {
    block * Self.height..<Swift.min(size, (block + 1) * Self.height)
  }

  /// A vector.
  func column(_ index: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(size)
    for block in 0..<blocks {
      let first = place(block, index)
      result += values[first..<first + rows(of: block).count]
    }
    return result
  }

  /// Puts a vector times a factor in a place.
  mutating func set(_ index: Int, to vector: [Double], times factor: Double) {
    for block in 0..<blocks {
      let first = place(block, index)
      for (offset, row) in rows(of: block).enumerated() {
        values[first + offset] = factor * vector[row]
      }
    }
  }

  /// Removes from a vector its parts along the first vectors of the basis.
  ///
  /// - Returns: the parts, the length of what is left, and the length before.
  mutating func orthogonalize(
    _ vector: inout [Double], against count: Int
  ) -> (parts: [Double], length: Double, before: Double) {
    var parts = [Double](repeating: 0, count: count)
    var (overlaps, length) = sweep(&vector, count, subtracting: nil)
    let before = length
    for _ in 0..<3 {
      for index in 0..<count { parts[index] += overlaps[index] }
      // The overlaps of what is left come with the same reading of the basis.
      (overlaps, length) = sweep(&vector, count, subtracting: overlaps)
      let miss = overlaps.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if miss <= 1e-12 * length { break }
    }
    return (parts, length, before)
  }

  /// Subtracts multiples of the vectors and then multiplies by all of them, in one reading.
  private mutating func sweep(
    _ vector: inout [Double], _ count: Int, subtracting factors: [Double]?
  ) -> (overlaps: [Double], length: Double) {
    let given = factors ?? []
    let (blocks, capacity, size) = (blocks, capacity, size)
    values.withUnsafeMutableBufferPointer { values in
      vector.withUnsafeMutableBufferPointer { vector in
        sums.withUnsafeMutableBufferPointer { sums in
          given.withUnsafeBufferPointer { given in
            var job = SweepJob(
              height: Self.height, size: size, capacity: capacity, count: count,
              values: values.baseAddress, vector: vector.baseAddress, sums: sums.baseAddress,
              factors: factors == nil ? nil : given.baseAddress)
            tw_parallel(Int64(blocks), SweepJob.body, &job, 0, nil)
          }
        }
      }
    }
    var totals = [Double](repeating: 0, count: count + 1)
    for block in 0..<blocks {
      for index in 0...count { totals[index] += sums[block * (capacity + 1) + index] }
    }
    return (Array(totals[..<count]), Swift.max(0, totals[count]).squareRoot())
  }

  /// Replaces the first vectors V by V Z, and moves another one behind them.
  mutating func rotate(
    by z: DenseMatrix<Double>, keeping last: Int
  ) {
    let (blocks, capacity) = (blocks, capacity)
    values.withUnsafeMutableBufferPointer { values in
      z.values.withUnsafeBufferPointer { z0 in
        var job = RotationJob(
          height: Self.height, capacity: capacity, rows: z.rows, columns: z.columns, last: last,
          values: values.baseAddress, matrix: z0.baseAddress)
        tw_parallel(
          Int64(blocks), RotationJob.body, &job, Int64(8 * Self.height * z.columns),
          nil)
      }
    }
  }

  /// Σ xᵢ vᵢ.
  func combination(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: size)
    for block in 0..<blocks {
      let rows = rows(of: block)
      values.withUnsafeBufferPointer { values in
        result.withUnsafeMutableBufferPointer { result in
          guard let basis = values.baseAddress, let target = result.baseAddress else { return }
          cblas_dgemv(
            CblasColMajor, CblasNoTrans, Int32(rows.count), Int32(x.count), 1,
            basis + place(block, 0), Int32(Self.height), x, 1, 0, target + rows.lowerBound, 1)
        }
      }
    }
    return result
  }
}

/// What the threads of a sweep share.
private struct SweepJob {
  let height, size, capacity, count: Int
  let values, vector, sums: UnsafeMutablePointer<Double>?
  let factors: UnsafePointer<Double>?

  static let body: tw_body = { context, piece, _, _ in
    guard let context else { return }
    context.assumingMemoryBound(to: SweepJob.self).pointee.run(Int(piece))
  }

  private func run(_ block: Int) {
    guard let values, let vector, let sums else { return }
    let first = block * height
    let rows = Int32(Swift.min(height, size - first))
    let (basis, part) = (values + first * capacity, vector + first)
    let target = sums + block * (capacity + 1)
    let (columns, lead) = (Int32(count), Int32(height))
    if let factors {
      cblas_dgemv(
        CblasColMajor, CblasNoTrans, rows, columns, -1, basis, lead, factors, 1, 1, part, 1)
    }
    cblas_dgemv(CblasColMajor, CblasTrans, rows, columns, 1, basis, lead, part, 1, 0, target, 1)
    target[count] = cblas_ddot(rows, part, 1, part, 1)
  }
}

/// What the threads of a rotation share.
private struct RotationJob {
  let height, capacity, rows, columns, last: Int
  let values: UnsafeMutablePointer<Double>?
  let matrix: UnsafePointer<Double>?

  static let body: tw_body = { context, piece, _, memory in
    guard let context else { return }
    context.assumingMemoryBound(to: RotationJob.self).pointee.run(Int(piece), memory)
  }

  private func run(_ block: Int, _ memory: UnsafeMutableRawPointer?) {
    guard let values, let matrix else { return }
    let basis = values + block * height * capacity
    let count = height * columns
    let own = memory == nil ? UnsafeMutablePointer<Double>.allocate(capacity: count) : nil
    defer { own?.deallocate() }
    guard let result = own ?? memory?.assumingMemoryBound(to: Double.self) else { return }
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(height), Int32(columns), Int32(rows), 1,
      basis, Int32(height), matrix, Int32(rows), 0, result, Int32(height))
    basis.update(from: result, count: count)
    (basis + count).update(from: basis + last * height, count: height)
  }
}
