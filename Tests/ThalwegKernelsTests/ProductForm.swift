import CThalwegKernels
import Testing

/// The sizes of a matrix product, and how its operands are stored.
struct ProductForm: CustomTestStringConvertible {
  var batch = 1
  var rows: Int
  var columns: Int
  var inner: Int
  var transposesA = false
  var transposesB = false

  var testDescription: String {
    "\(batch) × [\(rows), \(inner)]\(transposesA ? "ᵀ" : "") · [\(inner), \(columns)]"
      + (transposesB ? "ᵀ" : "")
  }

  var isContraction: Bool { batch == 1 && transposesA && !transposesB }

  /// The number of rows along which the kernel can be cut.
  var extent: Int {
    if batch > 1 { return batch }
    return isContraction ? inner : transposesA ? 1 : rows
  }

  func inA(_ matrix: Int, _ row: Int, _ p: Int) -> Int {
    matrix * rows * inner + (transposesA ? p * rows + row : row * inner + p)
  }

  func inB(_ matrix: Int, _ p: Int, _ column: Int) -> Int {
    matrix * inner * columns + (transposesB ? column * inner + p : p * columns + column)
  }

  /// The product of slots 0 and 1 in slot 2, before it is planned.
  var header: tw_matrix_product {
    var header = tw_matrix_product()
    header.b.slot = 1
    header.c.slot = 2
    header.transpose_a = transposesA ? 1 : 0
    header.transpose_b = transposesB ? 1 : 0
    header.batch = Int64(batch)
    header.m = Int64(rows)
    header.n = Int64(columns)
    header.k = Int64(inner)
    header.stride_a = Int64(rows * inner)
    header.stride_b = Int64(inner * columns)
    header.stride_c = Int64(rows * columns)
    return header
  }

  /// The four ways to store the operands of a product.
  func stored() -> [ProductForm] {
    [(false, false), (false, true), (true, false), (true, true)].map { a, b in
      var form = self
      (form.transposesA, form.transposesB) = (a, b)
      return form
    }
  }
}
