import ThalwegKernels

/// The value of a scalar function of a tree, and its gradient, which is a tree of the same type.
///
///     let (loss, gradient) = try valueAndGradient(at: model) { model in
///       mean(square(model(x) - y))
///     }
///
/// It may stand inside another function that is differentiated or traced.
///
/// - Cost: a small multiple of the function's, and a compilation unless it is inside ``compile(_:)``.
/// - Errors: what the function throws, and what a flow in it throws when it runs. Traps where the
///   value is not a scalar.
public func valueAndGradient<Tree: TensorTree>(
  at tree: Tree, _ function: (Tree) throws -> Tensor
) throws -> (value: Tensor, gradient: Tree) {
  let arguments = settled(tree.leaves)
  let inputs = arguments.map { placeholder($0.type) }
  let value = try function(tree.replacingLeaves(with: inputs))
  let results = try resolve(
    [value] + gradientGraph(of: value, at: inputs), replacing: inputs, by: arguments)
  return (results[0], tree.replacingLeaves(with: Array(results.dropFirst())))
}

/// The gradient of a scalar function of a tree.
///
///     let force = -gradient(at: q) { q in potential(q) }
///
/// - Errors: traps where a flow inside the function fails; use
///   ``valueAndGradient(at:_:)``, which throws, for functions that integrate.
public func gradient<Tree: TensorTree>(at tree: Tree, _ function: (Tree) -> Tensor) -> Tree {
  do {
    return try valueAndGradient(at: tree, function).gradient
  } catch {
    fatalError("gradient: \(error)")
  }
}

private func gradientGraph(of value: Tensor, at inputs: [Tensor]) -> [Tensor] {
  require(
    value.count == 1, "gradient: the function returns shape \(value.shape), not a scalar")
  let one = Tensor.ones(value.shape, dtype: value.dtype)
  return zip(inputs, pulledBack([value], cotangents: [one], to: inputs)).map { input, cotangent in
    cotangent ?? .zeros(input.shape, dtype: input.dtype)
  }
}

/// The value of a function and its derivative along a direction: a Jacobian-vector product.
///
///     let (value, rate) = try jvp(at: y, along: v) { y in field(y) }
///
/// - Cost: about twice the function's.
public func jvp<Tree: TensorTree, Value: TensorTree>(
  at tree: Tree, along direction: Tree, _ function: (Tree) throws -> Value
) rethrows -> (value: Value, derivative: Value) {
  let arguments = settled(tree.leaves)
  let inputs = arguments.map { placeholder($0.type) }
  let tangents = matched("jvp", direction.leaves, to: arguments).map { tangent in
    (tangent, placeholder(tangent.type))
  }
  let value = try function(tree.replacingLeaves(with: inputs))
  let outputs = value.leaves
  let derivatives = pushedForward(outputs, tangents: tangents.map(\.1), from: inputs)
  let filled = zip(outputs, derivatives).map { output, derivative in
    derivative ?? .zeros(output.shape, dtype: output.dtype)
  }
  let results = resolved(
    outputs + filled, replacing: inputs + tangents.map(\.1), by: arguments + tangents.map(\.0))
  return (
    value.replacingLeaves(with: Array(results.prefix(outputs.count))),
    value.replacingLeaves(with: Array(results.suffix(outputs.count)))
  )
}

/// The value of a function and a cotangent pulled back through it: a vector-Jacobian product.
public func vjp<Tree: TensorTree, Value: TensorTree>(
  at tree: Tree, from cotangent: Value, _ function: (Tree) throws -> Value
) rethrows -> (value: Value, cotangent: Tree) {
  let arguments = settled(tree.leaves)
  let inputs = arguments.map { placeholder($0.type) }
  let value = try function(tree.replacingLeaves(with: inputs))
  let outputs = value.leaves
  let cotangents = matched("vjp", cotangent.leaves, to: outputs)
  let pulled = zip(inputs, pulledBack(outputs, cotangents: cotangents, to: inputs)).map {
    $1 ?? .zeros($0.shape, dtype: $0.dtype)
  }
  let results = resolved(outputs + pulled, replacing: inputs, by: arguments)
  return (
    value.replacingLeaves(with: Array(results.prefix(outputs.count))),
    tree.replacingLeaves(with: Array(results.suffix(inputs.count)))
  )
}

/// Directions in the precision of what they are directions of.
private func matched(_ name: String, _ directions: [Tensor], to primals: [Tensor]) -> [Tensor] {
  require(
    directions.map(\.shape) == primals.map(\.shape),
    "\(name): directions \(directions.map(\.shape)) for shapes \(primals.map(\.shape))")
  return zip(directions, primals).map { $0.to($1.dtype) }
}

private func resolved(
  _ outputs: [Tensor], replacing inputs: [Tensor], by arguments: [Tensor]
) -> [Tensor] {
  do {
    return try resolve(outputs, replacing: inputs, by: arguments)
  } catch {
    fatalError("\(error)")
  }
}
