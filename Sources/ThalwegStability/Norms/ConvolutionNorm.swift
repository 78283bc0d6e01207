import ThalwegKernels
public import ThalwegTensors

/// The spectral norm of a convolution with 3×3 or other filters, on images of a given size.
///
///     let norm = try ConvolutionNorm(of: layer.kernel, height: 32, width: 32)
///     layer.kernel = layer.kernel * min(1, limit / norm.bound)
///
/// A periodic convolution is diagonal in frequencies up to the channels, so that its norm is exact:
///
///     ‖K‖ = max over ξ of σ_max(Ŵ(ξ)),   Ŵ(ξ)[o, c] = Σ w[o, c, k, l] exp(i(ξ₁k + ξ₂l))
///
/// With a stride s, a frequency of the result is met by s² of the image, and Ŵ is all of their matrices
/// side by side, divided by s. With zeros outside of the image the convolution is part of the periodic
/// one of a larger image, whose norm bounds it; the norm itself is found from products.
///
/// - Source: H. Sedghi, V. Gupta, P. M. Long, "The singular values of convolutional layers", ICLR
///   2019, arXiv:1805.10408.
public struct ConvolutionNorm: Hashable, Sendable {
  /// The norm: exact for images that repeat, and found to the tolerance otherwise.
  public let value: Double
  /// A number that the norm does not exceed.
  public let bound: Double

  /// Computes the norm of filters `[filters, channels / groups, height, width]`.
  ///
  /// - Cost: a small singular value problem for each frequency that may hold the largest; with zeros
  ///   outside some ten convolutions more.
  /// - Errors: ``SpectrumError``. Traps where the filters are no bank of filters of odd sizes, and where
  ///   a stride does not divide the sides of an image that repeats.
  public init(
    of kernel: Tensor, height: Int, width: Int, boundary: Boundary = .zero, stride: Int = 1,
    groups: Int = 1, tolerance: Double = 1e-10
  ) throws {
    require(
      kernel.rank == 4 && kernel.shape[0] % groups == 0 && kernel.shape[2] % 2 == 1
        && kernel.shape[3] % 2 == 1,
      "convolution norm: filters \(kernel.shape) in \(groups) groups")
    let symbol = ConvolutionSymbol(kernel.to(.float64), stride: stride, groups: groups)
    switch boundary {
    case .periodic:
      require(
        stride > 0 && height % stride == 0 && width % stride == 0,
        "convolution norm: stride \(stride) on a periodic image of \(height) × \(width)")
      value = try translated { try symbol.norm(height: height, width: width) }
      bound = value
    case .zero:
      // The larger image has room for the filter on either side: nothing comes round again.
      func enlarged(_ side: Int, _ taps: Int) -> Int {
        (side + taps - 1 + stride - 1) / stride * stride
      }
      bound = try translated {
        try symbol.norm(
          height: enlarged(height, kernel.shape[2]), width: enlarged(width, kernel.shape[3]))
      }
      let image = Tensor.zeros([1, kernel.shape[1] * groups, height, width])
      let square = stride == 1 && groups == 1 ? Self.square : Self.square(stride, groups)
      value = Swift.min(
        try Self.norm(kernel.to(.float64), on: image, square, tolerance), bound)
    }
  }

  /// KᵀK of an image, given the filters.
  private typealias Square = CompiledFunction<Tensor, Tensor, Tensor>

  /// The usual case, compiled once for each shape.
  private static let square = square(1, 1)

  private static func square(_ stride: Int, _ groups: Int) -> Square {
    compile { image, kernel in
      transposedConvolution(
        convolution(image, kernel, stride: stride, groups: groups), kernel, stride: stride,
        groups: groups, size: (image.shape[2], image.shape[3]))
    }
  }

  /// The root of the largest eigenvalue of KᵀK.
  private static func norm(
    _ kernel: Tensor, on image: Tensor, _ square: Square, _ tolerance: Double
  ) throws -> Double {
    let value = try symmetricEdge(of: image.count, target: .rightmost, tolerance: tolerance) {
      try square(Tensor($0, shape: image.shape), kernel).values
    }.value
    return Swift.max(0, value).squareRoot()
  }
}

/// The matrices Ŵ(ξ) by which a periodic convolution multiplies the channels of a frequency.
private struct ConvolutionSymbol {
  private let weights: [Double]
  private let shape: Shape
  private let stride: Int
  private let groups: Int

  init(_ kernel: Tensor, stride: Int, groups: Int) {
    weights = kernel.values
    shape = kernel.shape
    self.stride = stride
    self.groups = groups
  }

  /// The largest singular value of all frequencies of an image.
  func norm(height: Int, width: Int) throws -> Double {
    var candidates: [(bound: Double, row: Int, column: Int, group: Int)] = []
    // Opposite frequencies are conjugate.
    for row in 0...height / stride / 2 {
      for column in 0..<width / stride {
        for group in 0..<groups {
          let matrix = matrix(row, of: height, column, of: width, group)
          candidates.append((bound(of: matrix), row, column, group))
        }
      }
    }
    var largest = 0.0
    for candidate in candidates.sorted(by: { $0.bound > $1.bound }) {
      guard candidate.bound > largest else { break }
      let matrix = matrix(candidate.row, of: height, candidate.column, of: width, candidate.group)
      largest = Swift.max(largest, try LAPACK.singularValues(matrix)[0])
    }
    return largest
  }

  /// A number that the norm does not exceed, with a margin for rounding.
  private func bound(of matrix: DenseMatrix<Complex>) -> Double {
    var (rows, largest, squares) = ([Double](repeating: 0, count: matrix.rows), 0.0, 0.0)
    for column in 0..<matrix.columns {
      var total = 0.0
      for row in 0..<matrix.rows {
        let size = matrix[row: row, column: column].squaredMagnitude
        squares += size
        total += size.squareRoot()
        rows[row] += size.squareRoot()
      }
      largest = Swift.max(largest, total)
    }
    let sums = (largest * (rows.max() ?? 0)).squareRoot()
    return Swift.min(sums, squares.squareRoot()) * (1 + 1e-12)
  }

  /// The matrix of a frequency of the result, with the frequencies of the image that meet there side
  /// by side.
  private func matrix(
    _ row: Int, of height: Int, _ column: Int, of width: Int, _ group: Int
  ) -> DenseMatrix<Complex> {
    let (filters, channels, taps) = (shape[0] / groups, shape[1], shape[2] * shape[3])
    let phases = (0..<stride * stride).map { alias in
      turns(
        row + alias / stride * (height / stride), of: height,
        column + alias % stride * (width / stride), of: width)
    }
    let factor = Complex(1 / Double(stride))
    return DenseMatrix(rows: filters, columns: channels * stride * stride) { filter, column in
      let (alias, channel) = (column / channels, column % channels)
      let first = ((group * filters + filter) * channels + channel) * taps
      var sum = Complex(0)
      for tap in 0..<taps { sum = sum + Complex(weights[first + tap]) * phases[alias][tap] }
      return factor * sum
    }
  }

  /// What the taps of a filter are multiplied by at a frequency.
  private func turns(
    _ row: Int, of height: Int, _ column: Int, of width: Int
  ) -> [Complex] {
    (0..<shape[2] * shape[3]).map { tap in
      let (k, l) = (tap / shape[3], tap % shape[3])
      // Whole turns are left out before they cost digits.
      let angle =
        Double(row * k % height) / Double(height) + Double(column * l % width) / Double(width)
      return Complex(magnitude: 1, angle: 2 * Double.pi * angle)
    }
  }
}
