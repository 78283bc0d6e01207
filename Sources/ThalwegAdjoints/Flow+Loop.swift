import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// Records the loop over the steps.
  ///
  /// - Returns: the final state and, if asked for, the states after each step, stacked leaf by leaf.
  func record(from y: State, keepsStates: Bool) -> (final: State, states: [Tensor]) {
    let dtype = y.leaves.first?.dtype ?? .float64
    let h = Tensor([stepSize], shape: [], dtype: dtype)
    let times = Tensor(
      (0..<steps).map { start + Double($0) * stepSize }, shape: [steps], dtype: dtype)
    let carry = method.start(
      stages[0], at: Tensor([start], shape: [], dtype: dtype), from: y, by: h, over: steps)
    let strategy = strategy(carrying: carry.leaves)
    let template = method.state(of: carry)
    func field(_ elements: [Tensor]) -> Method.Field {
      isStaged ? stages[0].replacingLeaves(with: Array(elements.dropFirst())) : stages[0]
    }
    var undo: (([Tensor], [Tensor]) -> [Tensor])?
    if let unstep = strategy.undo {
      undo = { after, elements in
        unstep(
          method, field(elements), elements[0], carry.replacingLeaves(with: after), h
        ).leaves
      }
    }
    let result = Loop.record(
      from: carry.leaves, over: [.stacked(times)] + stageSequences, count: steps,
      emittedKinds: keepsStates ? template.leaves.map { _ in .stacked } : [],
      watch: watch(carry), adjoint: strategy.loop,
      body: { leaves, elements in
        let next = method.step(
          field(elements), at: elements[0], from: carry.replacingLeaves(with: leaves), by: h)
        return (next.leaves, keepsStates ? method.state(of: next).leaves : [])
      }, reverse: undo)
    let final = carry.replacingLeaves(with: result.final)
    return (method.state(of: final), result.emitted.map { $0[0] })
  }

  /// How the flow is differentiated, as far as that does not depend on the state.
  var strategy: AdjointStrategy<Method> { strategy(carrying: []) }

  /// How the flow is differentiated where tensors are carried from step to step.
  func strategy(carrying leaves: [Tensor]) -> AdjointStrategy<Method> {
    let bytes = leaves.reduce(0) { $0 + $1.count * $1.dtype.size }
    return adjoint.strategy(
      for: FlowContext(
        start: start, end: end, steps: steps, isExact: method.arithmetic.isExact,
        carriedBytes: bytes, dtype: leaves.first?.dtype ?? .float64, recorder: recorder))
  }

  /// The parameters of each step's field, leaf by leaf; none where all steps share one.
  private var stageSequences: [ScannedSequence] {
    guard isStaged else { return [] }
    let leaves = stages.map(\.leaves)
    return leaves[0].indices.map { leaf in .listed(leaves.map { $0[leaf] }) }
  }

  private func watch(_ carry: Method.Carry) -> LoopGuard {
    let paths = carry.leafList.paths
    let shapes = carry.leaves.map(\.shape)
    let (start, steps, stepSize) = (start, steps, stepSize)
    return LoopGuard(limits: method.limits(of: carry), isExact: method.arithmetic.isExact) {
      failure in
      IntegrationError(
        failure, component: Self.component(of: failure, paths, shapes),
        time: start + Double(failure.iteration + 1) * stepSize, of: steps, stepSize: stepSize)
    }
  }

  /// The name of the component that failed.
  static func component(
    of failure: LoopFailure, _ paths: [String], _ shapes: [Shape]
  ) -> String {
    paths[failure.leaf] + index(failure.element, in: shapes[failure.leaf])
  }

  /// The subscript of an element, as "[2, 0]"; nothing for a scalar.
  static func index(_ element: Int, in shape: Shape) -> String {
    guard shape.rank > 0 else { return "" }
    let indices = zip(shape.strides, shape.dimensions).map { element / $0 % $1 }
    return "\(indices)"
  }
}
