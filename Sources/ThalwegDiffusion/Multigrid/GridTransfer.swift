import ThalwegKernels
import ThalwegTensors

/// The way from a grid to the next coarser one along some axes, and back.
///
/// With reflecting and periodic ends a coarse cell is two fine ones, with zeros at the ends a coarse
/// point is every other fine one.
struct GridTransfer {
  /// The axes, counted from the last one: -1, -2.
  let axes: [Int]
  let boundary: DiffusionBoundary

  /// Whether a grid of these sides has a coarser one.
  func isCoarsenable(_ shape: Shape) -> Bool {
    axes.allSatisfy { axis in
      let length = shape[shape.rank + axis]
      return length > 3 && (boundary != .periodic || length % 2 == 0)
    }
  }

  /// Means over neighbouring places: P transposed, but for a factor.
  func restricted(_ fine: Tensor) -> Tensor {
    axes.reduce(fine) {
      boundary == .zero ? $0.pointsRestricted($1) : $0.cellsRestricted($1, boundary)
    }
  }

  /// Values between those of the coarse grid, in the shape of a fine one.
  func prolonged(_ coarse: Tensor, to shape: Shape) -> Tensor {
    axes.reversed().reduce(coarse) { tensor, axis in
      let length = shape[shape.rank + axis]
      return boundary == .zero
        ? tensor.pointsProlonged(axis, to: length)
        : tensor.cellsProlonged(axis, to: length, boundary)
    }
  }

  /// Means over coarse cells, without the neighbours of these.
  func averaged(_ fine: Tensor, except own: Int? = nil) -> Tensor {
    axes.reduce(fine) { tensor, axis in
      let halves = tensor.halves(axis, padding: .reflecting)
      // Faces between coarse cells are every other fine one.
      return axis == own ? halves.odd : 0.5 * (halves.even + halves.odd)
    }
  }
}

extension Tensor {
  /// Every other element along an axis; of odd lengths the last one has a partner beyond the end.
  fileprivate func halves(
    _ axis: Int, padding: DiffusionBoundary
  ) -> (even: Tensor, odd: Tensor) {
    let position = rank + axis
    var whole = self
    if shape[position] % 2 == 1 {
      whole =
        padding == .zero
        ? padded(before: 0, after: 1, along: position)
        : concatenate(
          [self, slice(shape[position] - 1..<shape[position], along: position)], along: position)
    }
    var dimensions = Array(whole.shape.dimensions)
    dimensions[position] /= 2
    dimensions.insert(2, at: position + 1)
    let pairs = whole.reshaped(to: Shape(dimensions))
    dimensions.remove(at: position + 1)
    func part(_ index: Int) -> Tensor {
      pairs.slice(index..<index + 1, along: position + 1).reshaped(to: Shape(dimensions))
    }
    return (part(0), part(1))
  }

  /// The elements of two tensors in turn along an axis, cut to a length.
  fileprivate func interleaved(with odd: Tensor, _ axis: Int, to length: Int) -> Tensor {
    let position = rank + axis
    var dimensions = Array(shape.dimensions)
    dimensions[position] *= 2
    let whole = stack([self, odd], along: position + 1).reshaped(to: Shape(dimensions))
    return dimensions[position] == length ? whole : whole.slice(0..<length, along: position)
  }

  // MARK: - Cells

  fileprivate func cellsRestricted(_ axis: Int, _ boundary: DiffusionBoundary) -> Tensor {
    // What flows into the last cell of an odd number must not be counted twice.
    let odd = shape[rank + axis] % 2
    let whole = odd == 0 ? self : padded(before: 0, after: 1, along: rank + axis)
    let own = whole.halves(axis, padding: .zero)
    let before = whole.shifted(by: -1, along: axis, boundary: boundary.shifts)
    let after = whole.shifted(by: 1, along: axis, boundary: boundary.shifts)
    let neighbours =
      before.halves(axis, padding: .zero).even + after.halves(axis, padding: .zero).odd
    return 0.375 * (own.even + own.odd) + 0.125 * neighbours
  }

  fileprivate func cellsProlonged(
    _ axis: Int, to length: Int, _ boundary: DiffusionBoundary
  ) -> Tensor {
    let sides = [-1, 1].map { side in
      0.75 * self + 0.25 * shifted(by: side, along: axis, boundary: boundary.shifts)
    }
    return sides[0].interleaved(with: sides[1], axis, to: length)
  }

  // MARK: - Points

  fileprivate func pointsRestricted(_ axis: Int) -> Tensor {
    let position = rank + axis
    let count = (shape[position] - 1) / 2
    let (even, odd) = halves(axis, padding: .zero)
    let beyond = even.shifted(by: 1, along: axis, boundary: .zero)
    return (0.5 * odd + 0.25 * (even + beyond)).slice(0..<count, along: position)
  }

  fileprivate func pointsProlonged(_ axis: Int, to length: Int) -> Tensor {
    let position = rank + axis
    let odd = padded(before: 0, after: 1, along: position)
    let even = 0.5 * (odd + padded(before: 1, after: 0, along: position))
    let whole = even.interleaved(with: odd, axis, to: 2 * (shape[position] + 1))
    let rest = length - whole.shape[position]
    guard rest <= 0 else { return whole.padded(before: 0, after: rest, along: position) }
    return whole.slice(0..<length, along: position)
  }
}
