import ThalwegTensors
import ThalwegTraining

/// An optimizer that is chosen by its name.
enum ChosenOptimizer: Optimizer {
  case adam(Adam)
  case sgd(SGD)

  /// The branches are those of the optimizer.
  static var branches: Branches<ChosenOptimizer> { Branches() }

  var learningRate: Double {
    get {
      switch self {
      case .adam(let rule): rule.learningRate
      case .sgd(let rule): rule.learningRate
      }
    }
    set {
      change { $0.learningRate = newValue }
    }
  }

  mutating func prepare(for tree: some TensorTree) { change { $0.prepare(for: tree) } }

  mutating func update<Tree: TensorTree>(_ tree: inout Tree, along gradient: Tree) {
    change { $0.update(&tree, along: gradient) }
  }

  func collectLeaves(into leaves: inout LeafList, path: String) {
    switch self {
    case .adam(let rule): rule.collectLeaves(into: &leaves, path: path)
    case .sgd(let rule): rule.collectLeaves(into: &leaves, path: path)
    }
  }

  mutating func replaceLeaves(from source: inout LeafSource) {
    change { $0.replaceLeaves(from: &source) }
  }

  private mutating func change(_ body: (inout any Optimizer) -> Void) {
    var rule: any Optimizer
    switch self {
    case .adam(let adam): rule = adam
    case .sgd(let sgd): rule = sgd
    }
    body(&rule)
    if let adam = rule as? Adam { self = .adam(adam) }
    if let sgd = rule as? SGD { self = .sgd(sgd) }
  }
}

/// The rules by which weights follow gradients, by name.
enum OptimizerName: String, CaseIterable {
  case adam, sgd, nesterov

  /// The usual length of a step.
  var learningRate: Double { self == .adam ? 0.01 : 0.1 }
  /// How strongly weights are usually drawn to 0.
  var weightDecay: Double { self == .adam ? 0.01 : 0 }

  func optimizer(
    learningRate: Double, momentum: Double, weightDecay: Double
  ) -> ChosenOptimizer {
    switch self {
    case .adam: .adam(Adam(learningRate: learningRate, weightDecay: weightDecay))
    case .sgd, .nesterov:
      .sgd(
        SGD(
          learningRate: learningRate, momentum: momentum, weightDecay: weightDecay,
          isNesterov: self == .nesterov))
    }
  }
}
