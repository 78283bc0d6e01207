public import ThalwegKernels
public import ThalwegTensors

/// The arithmetic by which a reversible method moves its state.
///
///     Verlet(arithmetic: .exact)              // a grid of 2^-14 in single precision, 2^-40 in double
///     Verlet(arithmetic: .exact(bits: 20))    // a grid of 2^-20
///
/// In floating point a step back is a step forth undone up to rounding. In exact arithmetic the state
/// consists of multiples of 2^-bits. What a step adds to it is rounded to such a multiple, so that the
/// sum is exact; the step back evaluates the dynamics where the step forth did, finds the same
/// increment, and subtracts it. Every bit comes back, after any number of steps.
///
/// The derivative of rounding is taken as that of the identity: gradients are those of the method that
/// does not round, at the states of the one that does.
///
/// - Accuracy: an increment is changed by at most 2^-(bits + 1), so that N steps of which each adds to
///   a variable once move it by at most N·2^-(bits + 1), where the dynamics do not amplify it.
/// - Errors: magnitudes must stay below ``limit(for:)``. A flow throws ``IntegrationError`` with the
///   reason `gridOverflow` where one does not. Traps where the grid is finer than 2^-60 in single or
///   2^-480 in double precision, or as much coarser.
public struct Arithmetic: Hashable, Sendable {
  private enum Form: Hashable {
    case floating
    case exact(bits: Int?)
  }

  private let form: Form

  private init(_ form: Form) { self.form = form }

  /// Sums are rounded.
  public static let floating = Arithmetic(.floating)

  /// Sums are exact, on a grid of 2^-14 in single and 2^-40 in double precision.
  public static let exact = Arithmetic(.exact(bits: nil))

  /// Sums are exact, on a grid of 2^-bits.
  public static func exact(bits: Int) -> Arithmetic { Arithmetic(.exact(bits: bits)) }

  /// Whether sums are exact.
  public var isExact: Bool { form != .floating }

  /// The k of the grid of 2^-k; nil in floating point.
  public func bits(for dtype: DType) -> Int? {
    guard case .exact(let chosen) = form else { return nil }
    let isSingle = dtype == .float32
    let bits = chosen ?? (isSingle ? 14 : 40)
    require(
      bits.magnitude <= (isSingle ? 60 : 480), "arithmetic: a grid of 2^-\(bits) in \(dtype)")
    return bits
  }

  /// The magnitude below which sums are exact: 2^(24 - k) in single and 2^(53 - k) in double
  /// precision on a grid of 2^-k; infinite in floating point.
  public func limit(for dtype: DType) -> Double {
    guard let bits = bits(for: dtype) else { return .infinity }
    return Double(sign: .plus, exponent: (dtype == .float32 ? 24 : 53) - bits, significand: 1)
  }
}

extension Arithmetic {
  /// A tensor on the grid: the nearest multiples, none of them -0.
  public func onGrid(_ x: Tensor) -> Tensor {
    guard let bits = bits(for: x.dtype) else { return x }
    return x.rounded(toBits: bits).withoutNegativeZero
  }

  /// The tensor, on the grid, moved by an increment that need not be.
  ///
  /// What is a sum within a step is not seen by the flow. Where it is beyond the limit, it stays as it
  /// is, so that the flow sees it at the end of the step; `isInside` says that it may be.
  public func moved(_ x: Tensor, by increment: Tensor, isInside: Bool = false) -> Tensor {
    guard let bits = bits(for: x.dtype) else { return x + increment }
    return x.movedExactly(
      by: increment.rounded(toBits: bits), within: isInside ? limit(for: x.dtype) : nil)
  }

  /// The tensor that was moved by an increment.
  public func movedBack(_ x: Tensor, by increment: Tensor) -> Tensor {
    guard let bits = bits(for: x.dtype) else { return x - increment }
    return x.movedBackExactly(by: increment.rounded(toBits: bits))
  }
}
