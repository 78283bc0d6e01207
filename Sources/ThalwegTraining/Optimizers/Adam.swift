import Foundation
import ThalwegKernels
public import ThalwegTensors

/// Gradient descent in which each parameter has a step of its own.
///
///     m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²
///     x ← x - η ( m̂ / (√v̂ + ε) + λ x ),   m̂ = m / (1 - β₁ᵗ),   v̂ = v / (1 - β₂ᵗ)
///
/// Weight decay is decoupled from the gradient.
///
///     var optimizer = Adam(learningRate: 0.002, weightDecay: 0.01)
///
/// - Cost: one pass over parameters, gradient and both moments; the first update compiles it.
/// - Source: D. P. Kingma, J. Ba, "Adam: A method for stochastic optimization", ICLR 2015,
///   arXiv:1412.6980; I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019,
///   arXiv:1711.05101.
public struct Adam: Optimizer {
  public var learningRate: Double { didSet { requireRate(learningRate, of: "Adam") } }
  /// How much of the mean gradient is kept, β₁.
  public let firstDecay: Double
  /// How much of the mean square is kept, β₂.
  public let secondDecay: Double
  /// What keeps the quotient finite, ε.
  public let epsilon: Double
  /// How strongly parameters are drawn to 0, λ.
  public let weightDecay: Double
  private var updates: Tensor = Tensor([0], shape: [])
  private var first: [Tensor] = []
  private var second: [Tensor] = []
  private let rule: CompiledFunction<[Tensor], [Tensor], [Tensor], [Tensor], [Tensor], [Tensor]>

  public static let branches = Branches(\Adam.updates, \.first, \.second)

  /// Creates the rule.
  ///
  /// - Errors: traps where the learning rate is negative or not finite, a decay is not in [0, 1), ε is
  ///   not positive, or λ is negative or not finite.
  public init(
    learningRate: Double, firstDecay: Double = 0.9, secondDecay: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    requireRate(learningRate, of: "Adam")
    require(
      [firstDecay, secondDecay].allSatisfy { $0 >= 0 && $0 < 1 } && epsilon > 0
        && weightDecay >= 0 && weightDecay.isFinite,
      "Adam: decays \(firstDecay) and \(secondDecay), epsilon \(epsilon), weights \(weightDecay)")
    self.learningRate = learningRate
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    rule = compile { (x: [Tensor], g: [Tensor], m: [Tensor], v: [Tensor], rates: [Tensor]) in
      let first = x.indices.map { firstDecay * m[$0] + (1 - firstDecay) * g[$0] }
      let second = x.indices.map { secondDecay * v[$0] + (1 - secondDecay) * square(g[$0]) }
      let moved = x.indices.map { i in
        let typed = rates.map { $0.to(x[i].dtype) }
        let step = typed[0] * first[i] / (sqrt(typed[1] * second[i]) + epsilon)
        return weightDecay == 0 ? x[i] - step : x[i] - step - weightDecay * typed[2] * x[i]
      }
      return moved + first + second
    }
  }

  public mutating func prepare(for tree: some TensorTree) {
    updates = Tensor([0], shape: [])
    first = zeros(like: tree)
    second = zeros(like: tree)
  }

  public mutating func update<Tree: TensorTree>(_ tree: inout Tree, along gradient: Tree) {
    if !isPrepared(first, for: tree) { prepare(for: tree) }
    updates = Tensor([updates.scalar + 1], shape: [])
    let leaves = tree.leaves
    let rates = [
      learningRate / (1 - pow(firstDecay, updates.scalar)),
      1 / (1 - pow(secondDecay, updates.scalar)), learningRate,
    ].map { Tensor($0) }
    let results = infallible("Adam") { try rule(leaves, gradient.leaves, first, second, rates) }
    let count = leaves.count
    tree = tree.replacingLeaves(with: Array(results[..<count]))
    first = Array(results[count..<2 * count])
    second = Array(results[(2 * count)...])
  }
}
