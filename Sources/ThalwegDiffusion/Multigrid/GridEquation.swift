import Foundation
import ThalwegKernels
public import ThalwegTensors

/// A linear equation of diffusion and decay on a line or an image.
///
///     σ x - κ Δ x = b
///
/// Δ sums the differences to the neighbours, each multiplied by the conductivity of the face between
/// them where there are conductivities.
///
///     let poisson = GridEquation(decay: 0, rate: 1, boundary: .zero)
///     let implicitStep = GridEquation(decay: 1, rate: 0.5)
///
/// - Shapes: x and b have the grid as their last axes. Conductivities have the shape of x, one for each
///   axis of the grid in order, of the faces to the next place.
public struct GridEquation: Sendable {
  /// σ, not negative.
  public let decay: Tensor
  /// κ, for distances of 1.
  public let rate: Tensor
  /// What faces conduct; nil where all conduct 1.
  public let conductivities: [Tensor]?
  /// 1 for lines and 2 for images.
  public let dimensions: Int
  /// What lies beyond the ends; faces there are insulated where ends are reflecting.
  public let boundary: DiffusionBoundary

  /// Creates an equation.
  ///
  /// - Errors: traps where conductivities are given for zeros at the ends, or not one for each axis.
  public init(
    decay: Tensor, rate: Tensor, conductivities: [Tensor]? = nil, dimensions: Int = 2,
    boundary: DiffusionBoundary = .reflecting
  ) {
    require(
      conductivities == nil || (boundary != .zero && conductivities?.count == dimensions),
      "grid equation: \(conductivities?.count ?? 0) conductivities with boundary \(boundary)")
    self.decay = decay
    self.rate = rate
    self.conductivities = conductivities
    self.dimensions = dimensions
    self.boundary = boundary
  }

  /// The axes of the grid, counted from the last one.
  var axes: [Int] { Array(-dimensions..<0) }

  /// The left side.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let inflow = axes.enumerated().map { index, axis in
      guard let conductivities else {
        return x.shifted(by: 1, along: axis, boundary: boundary.shifts) - 2 * x
          + x.shifted(by: -1, along: axis, boundary: boundary.shifts)
      }
      let flow =
        conductivities[index] * (x.shifted(by: 1, along: axis, boundary: boundary.shifts) - x)
      return flow - flow.shifted(by: -1, along: axis, boundary: before)
    }.reduce(Tensor(0), +)
    return decay.to(x.dtype) * x - rate.to(x.dtype) * inflow
  }

  /// What there is before the first face.
  private var before: ShiftBoundary { boundary == .periodic ? .periodic : .zero }

  /// What each unknown is multiplied by in its own equation, as if there were no ends.
  func diagonal(_ dtype: DType) -> Tensor {
    let conducted =
      conductivities.map { parts in
        zip(axes, parts).map { axis, c in c + c.shifted(by: -1, along: axis, boundary: before) }
          .reduce(Tensor(0), +)
      } ?? Tensor(Double(2 * dimensions))
    return decay.to(dtype) + rate.to(dtype) * conducted.to(dtype)
  }

  /// The equation on the next coarser grid, whose distances are twice as long.
  func coarsened(_ transfer: GridTransfer) -> GridEquation {
    let parts = conductivities.map { parts in
      zip(axes, parts).map { axis, c in transfer.averaged(c, except: axis) }
    }
    return GridEquation(
      decay: decay, rate: 0.25 * rate, conductivities: parts, dimensions: dimensions,
      boundary: boundary)
  }

  /// Whether a constant solves the equation with 0 on the right side.
  var isSingular: Bool {
    boundary != .zero && !decay.isSymbolic && decay.values.allSatisfy { $0 == 0 }
  }
}
