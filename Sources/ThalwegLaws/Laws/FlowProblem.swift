package import ThalwegAdjoints
package import ThalwegDynamics
package import ThalwegIntegrators
package import ThalwegTensors

/// A flow with its initial state: all that the end of an integration depends on.
package struct FlowProblem<Method: Integrator>: TensorTree {
  package var flow: Flow<Method>
  package var start: Method.Field.State

  package static var branches: Branches<FlowProblem<Method>> { Branches(\.flow, \.start) }

  package init(_ flow: Flow<Method>, from start: Method.Field.State) {
    self.flow = flow
    self.start = start
  }

  package var end: Method.Field.State { get throws { try flow(start) } }

  /// Half the sum of the squares of the state at the end.
  package var loss: Tensor {
    get throws { try end.leaves.map { sum(square($0)) }.reduce(0) { $0 + 0.5 * $1 } }
  }

  /// The plan that computes the loss and its gradient.
  package func gradientPlan() throws -> Plan {
    let compiled = compile { (problem: FlowProblem<Method>) in
      let (loss, gradient) = try valueAndGradient(at: problem) { try $0.loss }
      return [loss] + gradient.leaves
    }
    return try compiled.plan(for: self)
  }

  /// A direction that is no eigenvector of anything.
  var direction: Self {
    var index = 0.0
    return mapLeaves { leaf in
      index += 1
      let numbers = Tensor.iota(leaf.count)
      return cos(2.3 * numbers + index).reshaped(to: leaf.shape)
    }
  }
}

extension FlowProblem where Method.Field: TestField {
  /// A network with shared weights over depth 3.
  init(
    width: Int = 4, steps: Int, using method: Method, adjoint: some Adjoint<Method>
  ) {
    flow = Flow(
      .network(width: width), over: 0...3, steps: steps, using: method, adjoint: adjoint)
    start = Method.Field.networkStart(width: width)
  }
}
