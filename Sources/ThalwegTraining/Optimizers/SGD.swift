import ThalwegKernels
public import ThalwegTensors

/// Gradient descent, with momentum if wanted.
///
///     v ← μ v + g + λ x,   x ← x - η v
///
///     var optimizer = SGD(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4)
///
/// By Nesterov's rule the step is that of a velocity one update ahead: x ← x - η (μ v + g + λ x).
///
/// - Cost: one pass over parameters, gradient and velocity; the first update compiles it.
/// - Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
///   USSR Comput. Math. Math. Phys. 4 (1964), doi:10.1016/0041-5553(64)90137-5; Nesterov's rule in
///   this form: I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of initialization
///   and momentum in deep learning", ICML 2013.
public struct SGD: Optimizer {
  public var learningRate: Double { didSet { requireRate(learningRate, of: "SGD") } }
  /// How much of the velocity is kept, μ.
  public let momentum: Double
  /// How strongly parameters are drawn to 0, λ.
  public let weightDecay: Double
  /// Whether steps are by Nesterov's rule.
  public let isNesterov: Bool
  private var velocity: [Tensor] = []
  private let rule: CompiledFunction<[Tensor], [Tensor], [Tensor], [Tensor], Tensor>

  public static let branches = Branches(\SGD.velocity)

  /// Creates the rule.
  ///
  /// - Errors: traps where the learning rate or the decay is negative or not finite, or the momentum is
  ///   not in [0, 1).
  public init(
    learningRate: Double, momentum: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false
  ) {
    requireRate(learningRate, of: "SGD")
    require(
      momentum >= 0 && momentum < 1 && weightDecay >= 0 && weightDecay.isFinite,
      "SGD: momentum \(momentum), weight decay \(weightDecay)")
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.isNesterov = isNesterov
    rule = compile { (x: [Tensor], g: [Tensor], v: [Tensor], rate: Tensor) in
      let pushes = x.indices.map { weightDecay == 0 ? g[$0] : g[$0] + weightDecay * x[$0] }
      let velocity = x.indices.map { momentum == 0 ? pushes[$0] : momentum * v[$0] + pushes[$0] }
      let moved = x.indices.map { i in
        let step = isNesterov ? momentum * velocity[i] + pushes[i] : velocity[i]
        return x[i] - rate.to(x[i].dtype) * step
      }
      return moved + (momentum == 0 ? [] : velocity)
    }
  }

  public mutating func prepare(for tree: some TensorTree) {
    velocity = momentum == 0 ? [] : zeros(like: tree)
  }

  public mutating func update<Tree: TensorTree>(_ tree: inout Tree, along gradient: Tree) {
    if momentum != 0, !isPrepared(velocity, for: tree) { prepare(for: tree) }
    let leaves = tree.leaves
    let results = infallible("SGD") {
      try rule(leaves, gradient.leaves, velocity, Tensor(learningRate))
    }
    tree = tree.replacingLeaves(with: Array(results.prefix(leaves.count)))
    velocity = Array(results.dropFirst(leaves.count))
  }
}
