import ThalwegDynamics
public import ThalwegIntegrators
import ThalwegKernels
import ThalwegStability
import ThalwegTensors

extension Flow {
  /// How a flow from a state is best differentiated.
  ///
  /// Where all states fit into the budget of ``AutomaticAdjoint``, they are stored. Otherwise the flow is
  /// integrated once, and at the start, at the end and at three times between a step is undone: the
  /// eigenvalues of that map say how fast errors grow on the way back, and how far it misses the state
  /// says what a step back adds. From these follow the fewest segments in which steps can be undone to
  /// the bound; if even short ones are too long, states are computed again from checkpoints.
  ///
  ///     let plan = try flow.plan(from: y0)
  ///     let planned = flow.following(plan)
  ///
  /// - Cost: nothing where all states fit; otherwise an integration, and some ten to some hundred
  ///   products with the Jacobian of a step back. The number is in ``AdjointPlan/products``.
  /// - Errors: ``IntegrationError`` where the flow itself fails.
  public func plan(from y: State) throws(IntegrationError) -> AdjointPlan {
    let automatic = adjoint as? AutomaticAdjoint<Method> ?? AutomaticAdjoint()
    let leaves = begun(y, at: start, dynamics, over: steps).leaves
    let bytes = leaves.reduce(0) { $0 + $1.count * $1.dtype.size }
    let planner = AdjointPlanner<Method>(
      automatic, steps: steps, bytes, dtype: leaves.first?.dtype ?? .float64,
      isExact: method.arithmetic.isExact)
    if let plan = planner.simple() { return plan }
    guard !(y.leaves + self.leaves).contains(where: \.isSymbolic) else {
      return planner.structural()
    }
    var (growth, products, state) = ([ReversalGrowth](), 0, y)
    let pieces = ReversibleLoopAdjoint.segments(of: steps, 4)
    for place in 0...pieces.count {
      let step = place < pieces.count ? pieces[place].lowerBound : steps - 1
      guard let found = growthBackwards(from: state, step: step) else {
        return planner.structural()
      }
      growth.append(found.growth)
      products += found.products
      if place < pieces.count { state = try piece(pieces[place])(state) }
    }
    return planner.planned(growth, products: products)
  }

  /// The same flow, differentiated by a plan.
  public func following(_ plan: AdjointPlan) -> Self {
    let automatic = adjoint as? AutomaticAdjoint<Method> ?? AutomaticAdjoint()
    return Flow(
      stages, isStaged: isStaged, (start, end), steps: steps, method,
      AutomaticAdjoint<Method>(budget: plan.budget, bound: automatic.bound, plan: plan),
      adaptation, events: events, maximumEvents: maximumEvents)
  }

  /// The steps of a range.
  private func piece(_ range: Range<Int>) -> Self {
    func time(_ step: Int) -> Double { start + Double(step) * stepSize }
    return Flow(
      isStaged ? Array(stages[range]) : stages, isStaged: isStaged,
      (time(range.lowerBound), time(range.upperBound)), steps: range.count, method,
      DirectAdjoint<Method>())
  }

  private func begun(
    _ y: State, at time: Double, _ field: Method.Field, over steps: Int = 1
  ) -> Method.Carry {
    let dtype = y.leaves.first?.dtype ?? .float64
    return method.start(
      field, at: Tensor([time], shape: [], dtype: dtype), from: y,
      by: Tensor([stepSize], shape: [], dtype: dtype), over: steps)
  }

  /// What undoing a step from a state does to errors; nil where that cannot be found out.
  private func growthBackwards(
    from y: State, step: Int
  ) -> (growth: ReversalGrowth, products: Int)? {
    guard let reversible = method as? any ReversibleIntegrator else { return nil }
    let field = stages[isStaged ? step : 0]
    let time = start + Double(step) * stepSize
    return reversible.growthBackwards(field, begun(y, at: time, field), at: time, by: stepSize)
  }
}

extension ReversibleIntegrator {
  /// What undoing a step does to errors, where the field and what is carried are of its own types.
  fileprivate func growthBackwards(
    _ field: Any, _ carry: Any, at time: Double, by size: Double
  ) -> (growth: ReversalGrowth, products: Int)? {
    guard let field = field as? Field, let carry = carry as? Carry else { return nil }
    let leaves = settled(carry.leaves)
    let dtype = leaves.first?.dtype ?? .float64
    let t = Tensor([time], shape: [], dtype: dtype)
    let h = Tensor([size], shape: [], dtype: dtype)
    let stepped = compile { (leaves: [Tensor]) -> [Tensor] in
      let after = self.step(field, at: t, from: carry.replacingLeaves(with: leaves), by: h)
      return after.leaves + self.unstep(field, at: t, from: after, by: h).leaves
    }
    guard let results = try? stepped(leaves) else { return nil }
    let (after, back) = (Array(results.prefix(leaves.count)), results.suffix(leaves.count))
    let added = distance(Array(back), leaves) / Swift.max(length(leaves), .leastNormalMagnitude)
    guard
      let jacobian = try? Jacobian(
        at: after,
        of: { after in
          self.unstep(field, at: t, from: carry.replacingLeaves(with: after), by: h).leaves
        }),
      let spectrum = try? jacobian.spectrum(.largest(1), tolerance: 1e-2)
    else { return nil }
    // On the unit circle, rounding puts values to either side.
    let noise = spectrum.method == .dense ? 1e-6 : 1e-2
    let factor = spectrum.radius <= 1 + noise ? Swift.min(spectrum.radius, 1) : spectrum.radius
    return (ReversalGrowth(factor: factor, added: added), spectrum.products)
  }
}

/// The Euclidean norm of numbers in all tensors together.
private func length(_ tensors: [Tensor]) -> Double {
  var sum = 0.0
  for value in tensors.flatMap(\.values) { sum += value * value }
  return sum.squareRoot()
}

private func distance(_ a: [Tensor], _ b: [Tensor]) -> Double {
  var sum = 0.0
  for (one, other) in zip(a.flatMap(\.values), b.flatMap(\.values)) {
    sum += (one - other) * (one - other)
  }
  return sum.squareRoot()
}
