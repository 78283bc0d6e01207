public import ThalwegDynamics
public import ThalwegKernels
public import ThalwegTensors

/// A network of features whose halves move each other by one matrix.
///
///     Y' = σ(K Z + b),  Z' = -σ(Kᵀ Y + b)
///
///     let stages = (0..<16).map { _ in HamiltonianInspiredDynamics(features: 2) }
///     let block = Flow(stages: stages, over: 0...20, using: SymplecticEuler(.kickDrift))
///
/// - Stability: where σ' is alike for all units the eigenvalues of the Jacobian are imaginary, and steps
///   with h σ' ‖K‖ < 2 are stable.
/// - Cost: two products with K.
/// - Shapes: both halves are `[batch..., features]`.
/// - Source: E. Haber, L. Ruthotto, "Stable architectures for deep neural networks", Inverse Problems
///   34 (2018) 014004, doi:10.1088/1361-6420/aa9a90, section 4.
public struct HamiltonianInspiredDynamics: SeparableDynamics {
  /// The matrix, `[features, features]`.
  public var kernel: Tensor
  /// What is added to each feature before the activation.
  public var bias: Tensor
  /// The function σ.
  public let activation: Activation

  public static let branches = Branches(\HamiltonianInspiredDynamics.kernel, \.bias)

  /// Creates dynamics whose matrix is 1, as the published ones begin.
  public init(features: Int, activation: Activation = .tanh, dtype: DType = .float32) {
    require(features > 0, "Hamiltonian inspired dynamics: \(features) features")
    kernel = Tensor(
      (0..<features * features).map { $0 % (features + 1) == 0 ? 1 : 0 },
      shape: [features, features], dtype: dtype)
    bias = .zeros([features], dtype: dtype)
    self.activation = activation
  }

  // Examples are rows, so that K Z is Z Kᵀ.
  public func velocity(_ t: Tensor, _ p: Tensor) -> Tensor {
    activation(matmul(p, kernel.transposed) + bias)
  }

  public func force(_ t: Tensor, _ q: Tensor) -> Tensor {
    countingEvaluation(-activation(matmul(q, kernel) + bias))
  }
}
