import ThalwegKernels
public import ThalwegTensors

/// The linear operator D of a diffusion, and its exact adjoint D*.
///
///     let gradient = DerivativeOperator.gradient()                       // of images
///     let mixed = DerivativeOperator.derivatives([0, 1, 0.5])            // ∂ + ½ ∂² on a line
///     let bank = DerivativeOperator.filters(channels: 1, count: 8, size: 5, seed: 1)
///
/// Stencils are constant and act on the last axis of a signal or the last two of an image. Filters are
/// parameters, which are differentiated and trained.
///
/// The adjoint is the transpose of the very sums that the operator forms, its boundaries included.
///
/// - Shapes: signals `[n]`, `[channels, n]`, `[batch, channels, n]`; images with height and width for n.
///   Filters are `[count, channels, (height,) width]` of odd sizes; those of one channel are applied to
///   each channel of the state alone.
public struct DerivativeOperator: TensorTree {
  /// 1 for signals and 2 for images.
  public let dimensions: Int
  /// What lies beyond the ends.
  public let boundary: DiffusionBoundary
  /// The stencils, each of which gives one response; none where there are filters.
  public let stencils: [Stencil]
  /// The trained filters, if there are any.
  public var filters: Tensor?

  public static let branches = Branches(\DerivativeOperator.filters)

  public func collectLeaves(into leaves: inout LeafList, path: String) {
    leaves.identify(byLength: boundary.hashOrder)
    Self.branches.collect(self, &leaves, path)
  }

  /// Creates an operator of stencils.
  ///
  /// - Errors: traps where there is none, or one for images is to act on signals.
  public init(
    stencils: [Stencil], dimensions: Int = 2, boundary: DiffusionBoundary = .reflecting
  ) {
    let isFlat = stencils.allSatisfy { $0.taps.allSatisfy { $0.row == 0 } }
    require(
      !stencils.isEmpty && (dimensions == 2 || (dimensions == 1 && isFlat)),
      "diffusion: \(stencils.count) stencils in \(dimensions) dimensions")
    self.stencils = stencils
    self.dimensions = dimensions
    self.boundary = boundary
  }

  /// Creates an operator of filters `[count, channels, (height,) width]`.
  ///
  /// - Errors: traps where the filters are no bank of odd sizes.
  public init(filters: Tensor, boundary: DiffusionBoundary = .reflecting) {
    require(
      (3...4).contains(filters.rank) && filters.shape.dropFirst(2).allSatisfy { $0 % 2 == 1 },
      "diffusion: filters of shape \(filters.shape) are no bank of odd sizes")
    stencils = []
    dimensions = filters.rank - 2
    self.boundary = boundary
    self.filters = filters
  }

  /// The number of responses at each place: those of one channel, where stencils or filters have one.
  public var count: Int { filters?.shape[0] ?? stencils.count }

  /// The responses D u: one tensor for each stencil, or one with a channel for each filter.
  public func callAsFunction(_ u: Tensor) -> [Tensor] {
    guard let filters else { return stencils.map { $0(u, boundary) } }
    return [convolved(u, filters)]
  }

  /// D* p, for responses p to a state like u.
  public func adjoint(of p: [Tensor], like u: Tensor) -> Tensor {
    adjoint(of: p, like: u, vanishingAtEdges: false)
  }

  /// D* p, where p may be 0 wherever D u is.
  func adjoint(of p: [Tensor], like u: Tensor, vanishingAtEdges: Bool) -> Tensor {
    if filters == nil, boundary == .reflecting, vanishingAtEdges,
      let axes = differenceAxes
    {
      // Nothing flows across the last edge, so that what comes in there needs no correction.
      return zip(axes, p).map { axis, p in
        p.shifted(by: -1, along: axis - dimensions, boundary: .zero) - p
      }.reduce(Tensor(0), +)
    }
    return vjp(at: u, from: p) { self($0) }.cotangent
  }

  /// The axes along which the stencils are differences to the next place, if all of them are.
  var differenceAxes: [Int]? {
    let axes = stencils.compactMap { stencil in
      (0..<dimensions).first {
        stencil == .difference(along: $0 + 2 - dimensions)
      }
    }
    return axes.count == stencils.count && !axes.isEmpty ? axes : nil
  }

  private func convolved(_ u: Tensor, _ filters: Tensor) -> Tensor {
    let kernel =
      dimensions == 2 ? filters : filters.expanded(at: 2)
    var image = imageForm(u, channels: kernel.shape[1])
    if boundary == .reflecting {
      for axis in [2, 3] { image = image.reflected(by: kernel.shape[axis] / 2, along: axis) }
      return convolution(image, kernel, padding: 0)
    }
    // A margin that is as wide as the filter is high must not be added to rows that are single.
    guard dimensions == 1 else {
      return convolution(image, kernel, boundary: boundary == .periodic ? .periodic : .zero)
    }
    let margin = kernel.shape[3] / 2
    image =
      boundary == .zero
      ? image.padded(before: margin, after: margin, along: 3) : image.wrapped(by: margin)
    return convolution(image, kernel, padding: 0)
  }

  /// The state as images `[batch, channels, height, width]`, a signal as one of a single row.
  private func imageForm(_ u: Tensor, channels: Int) -> Tensor {
    let shape = u.shape.dimensions
    let own = shape.suffix(dimensions)
    require(
      u.rank >= dimensions && u.rank <= dimensions + 2,
      "diffusion: a state of shape \(u.shape) in \(dimensions) dimensions")
    let lead = Array(repeating: 1, count: dimensions + 2 - u.rank) + shape.dropLast(dimensions)
    require(
      channels == 1 || lead[1] == channels,
      "diffusion: filters of \(channels) channels for a state of shape \(u.shape)")
    let outer = channels == 1 ? [lead[0] * lead[1], 1] : lead
    return u.reshaped(to: Shape(outer + (dimensions == 1 ? [1] : []) + own))
  }
}

extension DiffusionBoundary {
  /// A number for each boundary.
  fileprivate var hashOrder: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Tensor {
  /// The tensor with its other end before and after the last axis.
  fileprivate func wrapped(by margin: Int) -> Tensor {
    guard margin > 0 else { return self }
    let length = shape[rank - 1]
    return concatenate(
      [slice(length - margin..<length, along: -1), self, slice(0..<margin, along: -1)], along: -1)
  }
}
