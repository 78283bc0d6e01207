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
  infallible("gradient") { try valueAndGradient(at: tree, function).gradient }
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
///     let (value, rate) = jvp(at: y, along: v) { y in field(y) }
///
/// - Cost: about twice the function's.
/// - Errors: traps where a flow inside the function fails; one that is called with `try` throws.
public func jvp<Tree: TensorTree, Value: TensorTree>(
  at tree: Tree, along direction: Tree, _ function: (Tree) -> Value
) -> (value: Value, derivative: Value) {
  infallible("jvp") { try throwingJVP(at: tree, along: direction, function) }
}

/// The value of a function that may fail, and its derivative along a direction.
///
///     let (end, rate) = try jvp(at: y, along: v) { y in try flow(y) }
///
/// - Cost: about twice the function's.
/// - Errors: what the function throws, and what a flow in it throws when it runs.
public func jvp<Tree: TensorTree, Value: TensorTree>(
  at tree: Tree, along direction: Tree, _ function: (Tree) throws -> Value
) throws -> (value: Value, derivative: Value) {
  try throwingJVP(at: tree, along: direction, function)
}

private func throwingJVP<Tree: TensorTree, Value: TensorTree>(
  at tree: Tree, along direction: Tree, _ function: (Tree) throws -> Value
) throws -> (value: Value, derivative: Value) {
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
  let results = try resolve(
    outputs + filled, replacing: inputs + tangents.map(\.1), by: arguments + tangents.map(\.0))
  return (
    value.replacingLeaves(with: Array(results.prefix(outputs.count))),
    value.replacingLeaves(with: Array(results.suffix(outputs.count)))
  )
}

/// The value of a function and a cotangent pulled back through it: a vector-Jacobian product.
///
/// - Errors: traps where a flow inside the function fails; one that is called with `try` throws.
public func vjp<Tree: TensorTree, Value: TensorTree>(
  at tree: Tree, from cotangent: Value, _ function: (Tree) -> Value
) -> (value: Value, cotangent: Tree) {
  infallible("vjp") { try throwingVJP(at: tree, from: cotangent, function) }
}

/// The value of a function that may fail, and a cotangent pulled back through it.
///
///     let (end, gradient) = try vjp(at: y, from: weights) { y in try flow(y) }
///
/// - Errors: what the function throws, and what a flow in it throws when it runs.
public func vjp<Tree: TensorTree, Value: TensorTree>(
  at tree: Tree, from cotangent: Value, _ function: (Tree) throws -> Value
) throws -> (value: Value, cotangent: Tree) {
  try throwingVJP(at: tree, from: cotangent, function)
}

private func throwingVJP<Tree: TensorTree, Value: TensorTree>(
  at tree: Tree, from cotangent: Value, _ function: (Tree) throws -> Value
) throws -> (value: Value, cotangent: Tree) {
  let arguments = settled(tree.leaves)
  let inputs = arguments.map { placeholder($0.type) }
  let value = try function(tree.replacingLeaves(with: inputs))
  let outputs = value.leaves
  let cotangents = matched("vjp", cotangent.leaves, to: outputs)
  let pulled = zip(inputs, pulledBack(outputs, cotangents: cotangents, to: inputs)).map {
    $1 ?? .zeros($0.shape, dtype: $0.dtype)
  }
  let results = try resolve(outputs + pulled, replacing: inputs, by: arguments)
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

/// The result of what fails only where a flow does.
private func infallible<Result>(_ name: String, _ body: () throws -> Result) -> Result {
  do {
    return try body()
  } catch {
    fatalError("\(name): \(error)")
  }
}
