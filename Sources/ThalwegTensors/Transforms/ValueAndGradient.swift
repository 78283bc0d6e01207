/// A value and its gradient as one tree, so that a compiled function can return them.
///
///     let update = compile { (model: Net, x: Tensor, y: Tensor) in
///       try ValueAndGradient(at: model) { model in mean(square(model(x) - y)) }
///     }
///     let step = try update(model, x, y)
///     optimizer.update(&model, along: step.gradient)
///     print(step.value.scalar)
///
/// - Cost: that of ``valueAndGradient(at:_:)``; compiled once for each combination of shapes.
/// - Errors: what the function throws. Traps where the value is not a scalar.
public struct ValueAndGradient<Tree: TensorTree>: TensorTree {
  /// The value of the function.
  public var value: Tensor
  /// Its derivatives by the leaves of the tree.
  public var gradient: Tree

  public static var branches: Branches<ValueAndGradient<Tree>> { Branches(\.value, \.gradient) }

  /// Differentiates a scalar function of a tree.
  public init(at tree: Tree, _ function: (Tree) throws -> Tensor) throws {
    (value, gradient) = try valueAndGradient(at: tree, function)
  }
}
