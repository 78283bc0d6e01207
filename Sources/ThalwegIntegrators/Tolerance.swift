import ThalwegKernels
public import ThalwegTensors

/// How large the error of a step may be.
///
///     .relative(1e-6, absolute: 1e-8)
///
/// A step from y to y₁ is taken if the mean of the squares over all components of the state is at
/// most 1:
///
///     error / (absolute + relative · max(|y|, |y₁|))
///
/// Errors of steps add up, so that the error at the end is of the order of the tolerance times the
/// number of steps, and more where the dynamics amplify it.
///
/// - Shapes: an absolute tolerance for each component has the shape of the state, leaf by leaf, or
///   one that broadcasts to it.
/// - Errors: traps where a tolerance is negative or not finite, or where both are 0.
public struct Tolerance: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The error allowed in units of the state.
  public let relative: Double
  /// The error allowed whatever the state: a number for all components, or a tensor for each leaf.
  public let absolute: [Tensor]

  private init(relative: Double, absolute: [Tensor]) {
    require(
      relative >= 0 && relative.isFinite, "tolerance: \(relative) relative is no tolerance")
    for tensor in absolute {
      require(
        tensor.values.allSatisfy { $0 >= 0 && $0.isFinite && $0 + relative > 0 },
        "tolerance: \(tensor.values) absolute beside \(relative) relative is no tolerance")
    }
    self.relative = relative
    self.absolute = absolute
  }

  /// Creates a tolerance that is both relative and absolute.
  public init(floatLiteral value: Double) {
    self.init(relative: value, absolute: [Tensor(value)])
  }

  /// Creates a tolerance that is both relative and absolute.
  public init(integerLiteral value: Int) { self.init(floatLiteral: Double(value)) }

  /// Allows an error in proportion to the state, and one beside it where the state is small.
  public static func relative(_ relative: Double, absolute: Double) -> Tolerance {
    Tolerance(relative: relative, absolute: [Tensor(absolute)])
  }

  /// Allows an error in proportion to the state, and for each component one beside it.
  public static func relative(_ relative: Double, absolute: some TensorTree) -> Tolerance {
    Tolerance(relative: relative, absolute: absolute.leaves)
  }

  /// Allows an error whatever the state.
  public static func absolute(_ absolute: Double) -> Tolerance {
    Tolerance(relative: 0, absolute: [Tensor(absolute)])
  }
}
