import ThalwegKernels

/// A linear map between lists of tensors that is compiled once and applied many times.
package struct LinearMap: Sendable {
  /// What the map applies to.
  package let domain: [TensorType]
  private let plan: Plan
  /// What does not depend on the argument, computed once.
  private let shared: [Tensor]

  fileprivate init(_ direction: [Tensor], _ images: [Tensor], of linearization: Linearization)
    throws
  {
    domain = direction.map(\.type)
    let hoisting = Hoisting(images, arguments: direction)
    shared = try Plan(inputs: linearization.inputs, outputs: hoisting.outside)
      .run(linearization.arguments)
    plan = Plan(inputs: direction + hoisting.shared, outputs: hoisting.outputs)
  }

  /// The image of a list of tensors.
  package func callAsFunction(_ vector: [Tensor]) throws -> [Tensor] {
    try plan.run(vector + shared)
  }
}

/// The derivative of a function at a point.
///
/// Products with the Jacobian and with its transpose are plans of their own, from which everything
/// that depends on the point alone has been moved out.
package struct Linearization: Sendable {
  fileprivate let inputs: [Tensor]
  fileprivate let arguments: [Tensor]
  private let outputs: [Tensor]

  /// Traces a function; the arguments have values.
  package init(
    at arguments: [Tensor], _ function: ([Tensor]) throws -> [Tensor]
  ) rethrows {
    self.arguments = settled(arguments)
    inputs = self.arguments.map { placeholder($0.type) }
    outputs = try function(inputs)
  }

  /// The types of the function's values.
  package var codomain: [TensorType] { outputs.map(\.type) }

  /// The value of the function at the point.
  package func value() throws -> [Tensor] {
    try Plan(inputs: inputs, outputs: outputs).run(arguments)
  }

  /// Products with the Jacobian.
  package func pushforward() throws -> LinearMap {
    let directions = inputs.map { placeholder($0.type) }
    let images = pushedForward(outputs, tangents: directions, from: inputs)
    return try LinearMap(directions, Self.filled(images, like: outputs), of: self)
  }

  /// Products with the transpose of the Jacobian.
  package func pullback() throws -> LinearMap {
    let cotangents = outputs.map { placeholder($0.type) }
    let images = pulledBack(outputs, cotangents: cotangents, to: inputs)
    return try LinearMap(cotangents, Self.filled(images, like: inputs), of: self)
  }

  /// Derivatives, or zeros where there are none.
  private static func filled(_ derivatives: [Tensor?], like primals: [Tensor]) -> [Tensor] {
    zip(derivatives, primals).map { $0 ?? .zeros($1.shape, dtype: $1.dtype) }
  }
}
