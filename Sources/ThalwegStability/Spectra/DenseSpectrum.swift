import ThalwegKernels
import ThalwegTensors

/// Eigenvalues from all entries of a Jacobian.
struct DenseSpectrum {
  private let jacobian: Jacobian
  private let matrix: DenseMatrix<Double>
  private let structure: Spectrum.Structure

  init(of jacobian: Jacobian) throws {
    self.jacobian = jacobian
    matrix = try jacobian.columns()
    structure = matrix.structure(tolerance: jacobian.dtype == .float64 ? 1e-12 : 1e-5)
  }

  func spectrum(_ part: Spectrum.Part, eigenvectors: Bool) throws -> Spectrum {
    let pairs = try eigenpairs(vectors: eigenvectors)
    var products = jacobian.size
    let radius = pairs.map(\.value.magnitude).max() ?? 0
    let selected = part.selection(from: pairs.map(\.value)).map { pairs[$0] }.ordered()
    let residuals: [Double]
    if eigenvectors {
      let unit = Swift.max(radius, .leastNormalMagnitude)
      residuals = try jacobian.residuals(of: selected, &products).map { $0 / unit }
    } else {
      let mismatch = mismatch(of: pairs.map(\.value))
      residuals = selected.map { _ in mismatch }
    }
    return Spectrum(
      size: jacobian.size, eigenvalues: selected.map(\.value),
      eigenvectors: eigenvectors ? selected.compactMap(\.vector) : nil, residuals: residuals,
      part: part, method: .dense, structure: structure, remarks: [], products: products,
      restarts: 0, dtype: jacobian.dtype, tolerance: 0)
  }

  private func eigenpairs(vectors: Bool) throws -> [Eigenpair] {
    let n = matrix.rows
    switch structure {
    case .symmetric:
      let mean = DenseMatrix(rows: n, columns: n) { row, column in
        (matrix[row: row, column: column] + matrix[row: column, column: row]) / 2
      }
      let system = try LAPACK.symmetricEigenvalues(mean, vectors: vectors)
      return system.values.indices.map { index in
        Eigenpair(
          value: Complex(system.values[index]),
          vector: system.vectors?.column(index).map { Complex($0) })
      }
    case .antisymmetric:
      // iJ is Hermitian: its eigenvalues μ are those of J times i.
      let hermitian = DenseMatrix(rows: n, columns: n) { row, column in
        Complex(0, (matrix[row: row, column: column] - matrix[row: column, column: row]) / 2)
      }
      let system = try LAPACK.hermitianEigenvalues(hermitian, vectors: vectors)
      return system.values.indices.map { index in
        Eigenpair(value: Complex(0, -system.values[index]), vector: system.vectors?.column(index))
      }
    case .general:
      if !vectors, let square = matrix.squareOfHalves {
        // Values as ±√μ, at an eighth of the cost.
        return try LAPACK.eigenvalues(square).values.flatMap { value in
          let root = value.squareRoot
          return [Eigenpair(value: root), Eigenpair(value: -root)]
        }
      }
      let system = try LAPACK.eigenvalues(matrix, vectors: vectors)
      return system.values.indices.map { index in
        Eigenpair(value: system.values[index], vector: system.vectors?.column(index))
      }
    }
  }

  /// By how much sums over eigenvalues miss the invariants of the matrix.
  private func mismatch(of values: [Complex]) -> Double {
    let length = euclidean(matrix.values)
    guard length > 0 else { return 0 }
    let n = matrix.rows
    var (trace, ofSquare) = (0.0, 0.0)
    for column in 0..<n {
      trace += matrix[row: column, column: column]
      for row in 0..<n {
        ofSquare += matrix[row: row, column: column] * matrix[row: column, column: row]
      }
    }
    let sum = values.reduce(0) { $0 + $1.real }
    let squares = values.reduce(0) { $0 + ($1 * $1).real }
    return Swift.max(
      (sum - trace).magnitude / length, (squares - ofSquare).magnitude / (length * length))
  }
}

extension DenseMatrix<Double> {
  /// AB, where the matrix is that of separable dynamics: [0 A; B 0].
  ///
  /// Its eigenvalues are the roots of those of AB.
  var squareOfHalves: DenseMatrix<Double>? {
    guard rows == columns, rows.isMultiple(of: 2), rows > 0 else { return nil }
    let half = rows / 2
    for column in 0..<columns {
      let block = column < half ? 0..<half : half..<rows
      guard block.allSatisfy({ self[row: $0, column: column] == 0 }) else { return nil }
    }
    // Columns one after the other are the rows of the transpose: (AB)ᵀ = Bᵀ Aᵀ.
    let parts = [(half, 0), (0, half)].map { row, column in
      Tensor(
        (column..<column + half).flatMap { column in
          values[column * rows + row..<column * rows + row + half]
        }, shape: [half, half])
    }
    return DenseMatrix(rows: half, columns: half, matmul(parts[0], parts[1]).values)
  }

  /// What the matrix has to do with its transpose.
  func structure(tolerance: Double) -> Spectrum.Structure {
    let largest = values.reduce(0) { Swift.max($0, $1.magnitude) }
    var (isSymmetric, isAntisymmetric) = (true, true)
    for column in 0..<columns where isSymmetric || isAntisymmetric {
      for row in 0...column {
        let (one, other) = (self[row: row, column: column], self[row: column, column: row])
        isSymmetric = isSymmetric && (one - other).magnitude <= tolerance * largest
        isAntisymmetric = isAntisymmetric && (one + other).magnitude <= tolerance * largest
      }
    }
    return isSymmetric ? .symmetric : isAntisymmetric ? .antisymmetric : .general
  }
}
