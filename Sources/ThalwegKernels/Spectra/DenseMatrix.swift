/// A matrix in the order of LAPACK, column after column.
package struct DenseMatrix<Scalar: Sendable>: Sendable {
  package let rows: Int
  package let columns: Int
  package var values: [Scalar]

  /// Creates a matrix from its elements, column after column.
  package init(rows: Int, columns: Int, _ values: [Scalar]) {
    require(
      values.count == rows * columns,
      "matrix: \(values.count) numbers for \(rows) rows and \(columns) columns")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Creates a matrix from a function of row and column.
  package init(rows: Int, columns: Int, _ element: (Int, Int) -> Scalar) {
    var values: [Scalar] = []
    values.reserveCapacity(rows * columns)
    for column in 0..<columns { for row in 0..<rows { values.append(element(row, column)) } }
    self.init(rows: rows, columns: columns, values)
  }

  package subscript(row row: Int, column column: Int) -> Scalar {
    get { values[column * rows + row] }
    set { values[column * rows + row] = newValue }
  }

  /// A column as a vector.
  package func column(_ index: Int) -> [Scalar] {
    Array(values[index * rows..<(index + 1) * rows])
  }
}
