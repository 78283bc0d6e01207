import ThalwegKernels
import ThalwegTensors

/// A weighted sum of neighbours, the same at each place of a line or an image.
///
///     let slope = Stencil([.init(1, at: 1), .init(-1, at: 0)])       // u[i + 1] - u[i]
public struct Stencil: Hashable, Sendable {
  /// A neighbour and its weight.
  public struct Tap: Hashable, Sendable {
    /// What the neighbour is multiplied by.
    public let weight: Double
    /// How many rows it is away; 0 on a line.
    public let row: Int
    /// How many columns it is away.
    public let column: Int

    /// Creates a tap.
    public init(_ weight: Double, row: Int = 0, at column: Int) {
      (self.weight, self.row, self.column) = (weight, row, column)
    }
  }

  /// The neighbours.
  public let taps: [Tap]

  /// Creates a stencil; taps of weight 0 are left out.
  public init(_ taps: [Tap]) { self.taps = taps.filter { $0.weight != 0 } }

  /// The difference to the next place along an axis.
  static func difference(along axis: Int) -> Stencil {
    Stencil([Tap(1, row: axis == 0 ? 1 : 0, at: axis == 0 ? 0 : 1), Tap(-1, at: 0)])
  }

  /// How far away the furthest neighbour is.
  var reach: Int { taps.map { Swift.max(abs($0.row), abs($0.column)) }.max() ?? 0 }

  /// The sum at each place, along the last axes of a tensor.
  func callAsFunction(_ u: Tensor, _ boundary: DiffusionBoundary) -> Tensor {
    let terms = taps.map { tap in
      let moved = u.moved(by: tap.column, along: -1, boundary)
      let value = tap.row == 0 ? moved : moved.moved(by: tap.row, along: -2, boundary)
      return (tap.weight, value)
    }
    // Differences are written as such, so that nothing is multiplied by 1.
    return terms.dropFirst().reduce(scaled(terms.first)) { sum, term in
      switch term.0 {
      case 1: sum + term.1
      case -1: sum - term.1
      default: sum + term.0 * term.1
      }
    }
  }

  private func scaled(_ term: (Double, Tensor)?) -> Tensor {
    guard let (weight, value) = term else { return 0 }
    return weight == 1 ? value : weight * value
  }
}

extension Tensor {
  /// The tensor whose element i is element i + distance along an axis.
  func moved(by distance: Int, along axis: Int, _ boundary: DiffusionBoundary) -> Tensor {
    let near = shifted(by: distance, along: axis, boundary: boundary.shifts)
    let reach = abs(distance)
    guard boundary == .reflecting, reach > 1 else { return near }
    let position = axis < 0 ? rank + axis : axis
    let length = shape[position]
    require(reach <= length, "diffusion: a stencil reaches \(reach) in shape \(shape)")
    // Repeating the edge is right for the first place beyond it; the others are mirrored.
    return (1..<reach).reduce(near) { result, index in
      let place = distance > 0 ? length - reach + index : reach - 1 - index
      let source = distance > 0 ? reach - 1 - 2 * index : 1 + 2 * index - reach
      var flags = [Double](repeating: 0, count: length)
      flags[place] = 1
      let isPlace = Tensor(
        flags, shape: Shape((0..<rank).map { $0 == position ? length : 1 }), dtype: dtype)
      return select(isPlace, shifted(by: source, along: axis), result)
    }
  }

  /// The tensor with its mirror image at both ends of an axis.
  func reflected(by margin: Int, along axis: Int) -> Tensor {
    guard margin > 0 else { return self }
    let length = shape[axis]
    require(margin <= length, "diffusion: a filter reaches \(margin) beyond shape \(shape)")
    let before = (0..<margin).reversed().map { slice($0..<$0 + 1, along: axis) }
    let after = (length - margin..<length).reversed().map { slice($0..<$0 + 1, along: axis) }
    return concatenate(before + [self] + after, along: axis)
  }
}
