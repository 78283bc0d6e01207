import ThalwegKernels
import ThalwegTensors

/// What is added to the loss so that weights stay small and change little in time.
///
///     R(θ) = α Σ h φ(Δθ / h) + ½ λ Σ h |K|² + ½ μ (|W|² + |b|²)
///
/// The sums are over the steps of all blocks. φ is √(x² + τ), a smoothed total variation, or ½ x²; it
/// takes all weights of a block, scales and biases too. λ takes filters alone, those of the opening and
/// the connectors with h = 1; μ takes the classifier.
///
///     let loss = softmaxCrossEntropy(network(x), labels) + network.penalty(.paper)
///
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (13); quadratic: E. Haber,
///   L. Ruthotto, "Stable architectures for deep neural networks", Inverse Problems 34 (2018) 014004,
///   doi:10.1088/1361-6420/aa9a90.
public struct Regularization: Hashable, Sendable {
  /// How differences of weights in time are measured.
  public enum Roughness: Hashable, Sendable {
    /// √(x² + τ), which allows jumps.
    case totalVariation(smoothing: Double)
    /// ½ x².
    case quadratic
  }

  /// How strongly weights are kept from changing in time, α.
  public var smoothness: Double
  /// How changes are measured.
  public var roughness: Roughness
  /// How strongly filters are drawn to 0, λ.
  public var decay: Double
  /// How strongly the classifier is drawn to 0, μ.
  public var classifierDecay: Double

  /// Creates a regularisation; by default one that does nothing.
  public init(
    smoothness: Double = 0, roughness: Roughness = .totalVariation(smoothing: 1e-3),
    decay: Double = 0, classifierDecay: Double = 0
  ) {
    require(
      [smoothness, decay, classifierDecay].allSatisfy { $0 >= 0 },
      "regularisation: smoothness \(smoothness), decay \(decay) and \(classifierDecay)")
    self.smoothness = smoothness
    self.roughness = roughness
    self.decay = decay
    self.classifierDecay = classifierDecay
  }

  /// Whether nothing is added.
  public var isNone: Bool { smoothness == 0 && decay == 0 && classifierDecay == 0 }

  /// That of the paper for CIFAR-10 and CIFAR-100.
  public static let paper = Regularization(smoothness: 2e-4, decay: 2e-4, classifierDecay: 2e-4)
  /// That of the paper for STL-10.
  public static let paperSTL10 = Regularization(
    smoothness: 4e-4, decay: 1e-4, classifierDecay: 1e-4)
  /// That of the package's drivers for STL-10, where smoothness and decay have changed places.
  public static let journalSTL10 = Regularization(
    smoothness: 1e-4, decay: 4e-4, classifierDecay: 4e-4)

  /// The sum over all elements of φ.
  func roughness(of rate: Tensor) -> Tensor {
    switch roughness {
    case .totalVariation(let smoothing): sum(sqrt(square(rate) + smoothing))
    case .quadratic: 0.5 * sum(square(rate))
    }
  }
}
