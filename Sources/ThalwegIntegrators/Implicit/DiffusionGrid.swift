import Foundation
package import ThalwegKernels
package import ThalwegTensors

/// Diffusion along some axes of a tensor, between neighbours.
package struct DiffusionGrid {
  private let axes: [Int]
  private let boundary: ShiftBoundary

  package init(_ state: Tensor, along axes: [Int], boundary: ShiftBoundary) {
    self.axes = axes.map { $0 < 0 ? $0 + state.rank : $0 }
    self.boundary = boundary
    require(
      self.axes.allSatisfy { (0..<state.rank).contains($0) },
      "diffusion: axes \(axes) of a state of shape \(state.shape)")
  }

  /// The differences to all neighbours.
  func spread(_ v: Tensor) -> Tensor {
    axes.map { axis in
      v.shifted(by: 1, along: axis, boundary: boundary) - 2 * v
        + v.shifted(by: -1, along: axis, boundary: boundary)
    }.reduce(Tensor(0), +)
  }

  // MARK: - Modes

  /// The solution of x - strength · spread(x) = v.
  func solution(of v: Tensor, strength: Tensor) -> Tensor {
    let modes = axes.map { DiffusionModes(count: v.shape[$0], boundary: boundary) }
    var x = v
    for (axis, modes) in zip(axes, modes) { x = x.transformed(by: modes.matrix, along: axis) }
    x = x / (1 + strength * rates(modes, v).to(v.dtype))
    for (axis, modes) in zip(axes, modes) {
      x = x.transformed(by: modes.matrix.transposed, along: axis)
    }
    return x
  }

  /// How fast each mode decays.
  private func rates(_ modes: [DiffusionModes], _ v: Tensor) -> Tensor {
    zip(axes, modes).map { axis, modes in
      let shape = v.shape.indices.map { $0 == axis ? v.shape[axis] : 1 }
      return Tensor(modes.rates, shape: Shape(shape))
    }.reduce(Tensor(0), +)
  }

  // MARK: - Multigrid

  /// The part of a correction that sweeps take, so that rough modes become small.
  private static let damping = 0.8

  /// About the solution of x - strength · spread(x) = v, by a symmetric matrix.
  package func cycle(_ v: Tensor, strength: Tensor) -> Tensor {
    guard axes.allSatisfy({ v.shape[$0] % 2 == 0 && v.shape[$0] > 8 }) else {
      return solution(of: v, strength: strength)
    }
    let sweep = Self.damping / (1 + 2 * Double(axes.count) * strength)
    func rest(_ x: Tensor) -> Tensor { v - x + strength * spread(x) }
    var x = sweep * v
    let coarse = axes.reduce(rest(x)) { $0.restricted(along: $1, boundary) }
    // Points are twice as far apart.
    let correction = cycle(coarse, strength: 0.25 * strength)
    x = x + axes.reduce(correction) { $0.prolonged(along: $1, boundary) }
    return x + sweep * rest(x)
  }
}

/// The vectors that differences to neighbours on a line only multiply.
private struct DiffusionModes {
  let rates: [Double]
  /// A vector in each column, orthogonal to the others.
  let matrix: Tensor

  init(count n: Int, boundary: ShiftBoundary) {
    let angle: (Int) -> Double
    switch boundary {
    case .zero: angle = { Double($0 + 1) * .pi / Double(n + 1) }
    case .replicated: angle = { Double($0) * .pi / Double(n) }
    case .periodic: angle = { 2 * Double(($0 + 1) / 2) * .pi / Double(n) }
    }
    rates = (0..<n).map { 4 * pow(sin(angle($0) / 2), 2) }
    var columns: [[Double]] = []
    for mode in 0..<n {
      let column = (0..<n).map { i -> Double in
        switch boundary {
        case .zero: sin(angle(mode) * Double(i + 1))
        case .replicated: cos(angle(mode) * (Double(i) + 0.5))
        case .periodic where mode % 2 == 0 && mode > 0: sin(angle(mode) * Double(i))
        case .periodic: cos(angle(mode) * Double(i))
        }
      }
      let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      columns.append(column.map { $0 / norm })
    }
    matrix = Tensor((0..<n * n).map { columns[$0 % n][$0 / n] }, shape: [n, n])
  }
}

extension Tensor {
  /// Σᵢ x[.., i, ..] m[i, k] along an axis.
  fileprivate func transformed(by matrix: Tensor, along axis: Int) -> Tensor {
    let n = shape[axis]
    let before = shape[..<axis].reduce(1, *)
    let after = shape[(axis + 1)...].reduce(1, *)
    let matrix = matrix.to(dtype)
    let product =
      after == 1
      ? matmul(reshaped(to: [before, n]), matrix)
      : matmul(matrix.transposed, reshaped(to: [before, n, after]))
    return product.reshaped(to: shape)
  }

  /// Sums of neighbours on a grid of half the points, half of the transpose of ``prolonged``.
  fileprivate func restricted(along axis: Int, _ boundary: ShiftBoundary) -> Tensor {
    // At an end the neighbour is looked for before points are halved: a copy of the last fine one.
    let before = shifted(by: -1, along: axis, boundary: boundary).half(0, along: axis)
    let after = shifted(by: 1, along: axis, boundary: boundary).half(1, along: axis)
    return 0.375 * (half(0, along: axis) + half(1, along: axis)) + 0.125 * (before + after)
  }

  /// Values between those of a grid of half the points.
  fileprivate func prolonged(along axis: Int, _ boundary: ShiftBoundary) -> Tensor {
    let sides = [-1, 1].map { side in
      0.75 * self + 0.25 * shifted(by: side, along: axis, boundary: boundary)
    }
    var whole = Array(shape.dimensions)
    whole[axis] *= 2
    return stack(sides, along: axis + 1).reshaped(to: Shape(whole))
  }

  /// Every other point along an axis, from the first or the second on.
  private func half(_ index: Int, along axis: Int) -> Tensor {
    var dimensions = Array(shape.dimensions)
    dimensions[axis] /= 2
    var pairs = dimensions
    pairs.insert(2, at: axis + 1)
    return reshaped(to: Shape(pairs)).slice(index..<index + 1, along: axis + 1)
      .reshaped(to: Shape(dimensions))
  }
}
