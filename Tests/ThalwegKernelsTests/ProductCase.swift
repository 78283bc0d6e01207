import CThalwegKernels
import ThalwegTestSupport

/// A matrix product with numbers to multiply.
struct ProductCase<Scalar: BlockedScalar> {
  typealias Buffer = GuardedBuffer<Scalar>

  let form: ProductForm
  private let a: [Double]
  private let b: [Double]

  init(_ form: ProductForm) {
    self.form = form
    var random = SplitMix64(seed: 17)
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double(Scalar(Double.random(in: -1..<1, using: &random))) }
    }
    a = numbers(form.batch * form.rows * form.inner)
    b = numbers(form.batch * form.inner * form.columns)
  }

  /// Each element by the definition, and the sum of the magnitudes of its terms.
  var definition: [(value: Double, magnitude: Double)] {
    (0..<form.batch * form.rows * form.columns).map { index in
      let column = index % form.columns
      let row = index / form.columns % form.rows
      let matrix = index / (form.columns * form.rows)
      var (value, magnitude) = (0.0, 0.0)
      for p in 0..<form.inner {
        let (i, j) = (form.inA(matrix, row, p), form.inB(matrix, p, column))
        value += a[i] * b[j]
        magnitude += abs(a[i] * b[j])
      }
      return (value, magnitude)
    }
  }

  /// Each element as fused multiply-adds in the order of the terms.
  var fusedSums: [Scalar] {
    (0..<form.batch * form.rows * form.columns).map { index in
      let (row, column) = (index / form.columns % form.rows, index % form.columns)
      let matrix = index / (form.columns * form.rows)
      return (0..<form.inner).reduce(into: Scalar(0)) { sum, p in
        sum.addProduct(
          Scalar(a[form.inA(matrix, row, p)]), Scalar(b[form.inB(matrix, p, column)]))
      }
    }
  }

  /// What the kernel of a level computes, some rows at a time; nil if it writes beside its memory.
  ///
  /// Where `start` is given, it is added to a result that is full of it.
  func result(_ level: tw_level, parts: [Range<Int>]? = nil, start: Double? = nil) -> [Scalar]? {
    var header = form.header
    let isDouble: Int32 = MemoryLayout<Scalar>.size == 8 ? 1 : 0
    let kernel: tw_kernel = tw_plan_matrix_product(&header, isDouble, Int32(level.rawValue))
    let count = form.batch * form.rows * form.columns
    let c = Buffer([Double](repeating: start ?? 777, count: count))
    let parts = (parts ?? [0..<form.extent]).enumerated().map { index, rows in
      tw_part(
        begin: Int64(rows.lowerBound), end: Int64(rows.upperBound),
        first: index == 0 && start == nil ? 1 : 0, worker: 0)
    }
    return Buffer.run(kernel, header, [Buffer(a), Buffer(b), c], parts: parts) ? c.scalars : nil
  }
}
