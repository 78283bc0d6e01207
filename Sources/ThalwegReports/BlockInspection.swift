import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegNetworks
import ThalwegStability
import ThalwegTensors

/// A flow taken apart into its steps at one input.
struct BlockInspection<Method: Integrator> {
  private let flow: Flow<Method>
  private let region: StabilityRegion
  /// What is carried before the first step and after each one.
  private let carries: [Method.Carry]
  private let passage: Passage

  /// Runs the steps from an input, which the start makes a state of, and the end a tensor.
  init(
    _ flow: Flow<Method>, _ region: StabilityRegion, at x: Tensor,
    start: (Tensor) -> Method.Field.State, end: (Method.Field.State) -> Tensor
  ) throws {
    self.flow = flow
    self.region = region
    let steps = Steps(flow, dtype: x.dtype)
    var carries = [steps.begin(start(x))]
    for index in 0..<flow.steps { carries.append(steps.next(index, carries[index])) }
    self.carries = carries
    var parts = [Linearization(at: [x]) { steps.begin(start($0[0])).leaves }]
    for (index, carry) in carries.dropLast().enumerated() {
      parts.append(
        Linearization(at: carry.leaves) {
          steps.next(index, carry.replacingLeaves(with: $0)).leaves
        })
    }
    parts.append(
      Linearization(at: carries[flow.steps].leaves) {
        [end(flow.method.state(of: carries[0].replacingLeaves(with: $0)))]
      })
    passage = try Passage(parts)
  }

  /// The report, with a call before each step.
  func report(block: Int, progress: (Int) -> Void) throws -> BlockReport {
    let growth = try passage.largestGrowth()
    let gradients = try passage.gradientLengths()
    var steps: [StepReport] = []
    for index in 0..<flow.steps {
      progress(index)
      steps.append(
        try step(
          index, of: block, perturbation: growth.lengths[index + 1], gradient: gradients[index]))
    }
    return BlockReport(
      block: block, stepSize: flow.stepSize, span: abs(flow.end - flow.start), steps: steps,
      amplification: growth.factor, adjointGrowth: gradients[0])
  }

  private func step(
    _ index: Int, of block: Int, perturbation: Double, gradient: Double
  ) throws -> StepReport {
    let (before, after) = (carries[index], carries[index + 1])
    let (y, next) = (flow.method.state(of: before), flow.method.state(of: after))
    let field = flow.isStaged ? flow.stages[index] : flow.stages[0]
    let time = flow.start + Double(index) * flow.stepSize
    let h = abs(flow.stepSize)
    let found = try spectrum(of: field, at: y, time: time)
    let sizes = found.cleaned.map { region.amplification(at: $0 * Complex(h)) }
    let energies = [before, after].compactMap { energy(of: $0, field) }
    return StepReport(
      block: block, step: index, time: time, kernelNorms: try kernelNorms(of: field, at: y),
      spectrum: found, amplification: sizes.max() ?? 1,
      isStable: region.isStable(for: found, step: h, ignoringGrowth: true),
      largestStableStep: region.largestStableStep(for: found, ignoringGrowth: true),
      normRatio: length(next.leaves) / Swift.max(length(y.leaves), .leastNormalMagnitude),
      energy: energies.count == 2 ? (energies[0], energies[1]) : nil, perturbation: perturbation,
      gradient: gradient)
  }

  private func spectrum(
    of field: Method.Field, at y: Method.Field.State, time: Double
  ) throws -> Spectrum {
    func jacobian<Field: Dynamics>(_ field: Field) throws -> Jacobian? {
      guard let y = y as? Field.State else { return nil }
      return try Jacobian(of: field, at: y, time: time)
    }
    func jacobian<Field: SecondOrderDynamics>(ofSecondOrder field: Field) throws -> Jacobian? {
      guard let y = y as? Tensor else { return nil }
      let point = PhasePoint(q: y, p: .zeros(y.shape, dtype: y.dtype))
      return try Jacobian(of: FirstOrderSystem(field), at: point, time: time)
    }
    if let field = field as? any Dynamics, let found = try jacobian(field) {
      return try outline(of: found)
    }
    if let field = field as? any SecondOrderDynamics,
      let found = try jacobian(ofSecondOrder: field)
    {
      return try outline(of: found)
    }
    fatalError("depth report: \(Method.Field.self) is neither of first nor of second order")
  }

  /// The most unknowns of which all entries are computed where products do not lead to the end.
  private static var denseLimit: Int { 2048 }

  /// Enough eigenvalues for a picture, and all that stability asks for.
  ///
  /// Where all lie on the imaginary axis, none is rightmost or leftmost: products do not find the ends of
  /// the real parts, and all entries tell that there are none.
  private func outline(of jacobian: Jacobian) throws -> Spectrum {
    let part = Spectrum.Part.outline(10)
    let found = try jacobian.spectrum(part)
    guard !found.isConverged, jacobian.size <= Self.denseLimit else { return found }
    return try jacobian.spectrum(part, by: .dense)
  }

  private func kernelNorms(of field: Method.Field, at y: Method.Field.State) throws -> [Double] {
    guard let field = field as? any SymmetricField, let shape = y.leaves.first?.shape else {
      return []
    }
    return try field.layers.map { try $0.norm(height: shape[2], width: shape[3]) }
  }

  /// The energy that the dynamics of a step give to a state.
  private func energy(of carry: Method.Carry, _ field: Method.Field) -> Double? {
    func value<Field: EnergyField>(_ field: Field, _ y: Any) -> Double? {
      (y as? Field.State).flatMap { field.energy(of: $0)?.values[0] }
    }
    // Between two states of leapfrog there is a velocity.
    if let field = field as? SecondOrderSymmetricDynamics,
      let pair = carry as? Leapfrog<SecondOrderSymmetricDynamics>.Pair
    {
      let p = (pair.current - pair.previous) * Tensor(1 / flow.stepSize)
      let q = 0.5 * (pair.current + pair.previous)
      return value(FirstOrderSystem(field), PhasePoint(q: q, p: p))
    }
    return (field as? any EnergyField).flatMap { value($0, flow.method.state(of: carry)) }
  }
}

/// The steps of a flow, one by one.
private struct Steps<Method: Integrator> {
  let flow: Flow<Method>
  let dtype: DType

  init(_ flow: Flow<Method>, dtype: DType) {
    self.flow = flow
    self.dtype = dtype
  }

  func begin(_ y: Method.Field.State) -> Method.Carry {
    flow.method.start(flow.stages[0], at: scalar(flow.start), from: y, by: scalar(flow.stepSize))
  }

  func next(_ index: Int, _ carry: Method.Carry) -> Method.Carry {
    let field = flow.isStaged ? flow.stages[index] : flow.stages[0]
    let time = flow.start + Double(index) * flow.stepSize
    return flow.method.step(field, at: scalar(time), from: carry, by: scalar(flow.stepSize))
  }

  private func scalar(_ x: Double) -> Tensor { Tensor([x], shape: [], dtype: dtype) }
}

/// The Euclidean length of several tensors together.
func length(_ leaves: [Tensor]) -> Double {
  leaves.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1 * $1 } }.squareRoot()
}
