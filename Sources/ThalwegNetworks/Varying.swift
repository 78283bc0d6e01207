public import ThalwegDynamics
import ThalwegKernels
public import ThalwegTensors

/// Dynamics whose weights are functions of time: θ(t) = Σ pᵢ(t) θᵢ.
///
///     let field = Varying(
///       (0..<3).map { _ in ParabolicDynamics(SymmetricLayer(16)) }, by: .linear(3), over: 0...2)
///     let block = Flow(field, over: 0...2, steps: 8, using: RungeKutta(.classic))
///
/// It is of the kind that the given dynamics are, so that every method for them serves. The weights are
/// those at the time of each evaluation.
///
/// - Cost: beside the dynamics a sum over the weights, once an evaluation.
/// - Errors: traps where the number of fields is not that of the functions.
/// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, equation (5).
public struct Varying<Field: DifferentialEquation>: DifferentialEquation {
  public typealias State = Field.State

  /// The dynamics with the weights θᵢ.
  public var fields: [Field]
  /// The functions pᵢ.
  public let basis: WeightBasis
  /// The span of time on which the functions are defined.
  public let span: ClosedRange<Double>

  public static var branches: Branches<Varying<Field>> { Branches(\.fields) }

  /// Creates dynamics from the weights of each function.
  public init(_ fields: [Field], by basis: WeightBasis, over span: ClosedRange<Double>) {
    require(
      !fields.isEmpty && basis.count == fields.count,
      "varying dynamics: \(fields.count) fields for the basis \(basis)")
    self.fields = fields
    self.basis = basis
    self.span = span
  }

  /// The dynamics with the weights of a time.
  public func field(at t: Tensor) -> Field {
    let values = basis.values(at: t, over: span)
    let leaves = fields.map(\.leaves)
    return fields[0].replacingLeaves(
      with: leaves[0].indices.map { leaf in
        let terms = zip(values, leaves).map { $0.to($1[leaf].dtype) * $1[leaf] }
        return terms.dropFirst().reduce(terms[0], +)
      })
  }

  public func slope(at t: Tensor, of y: State) -> State? { field(at: t).slope(at: t, of: y) }
}

extension Varying: Dynamics where Field: Dynamics {
  public func callAsFunction(_ t: Tensor, _ y: State) -> State { field(at: t)(t, y) }
}

extension Varying: SeparableDynamics where Field: SeparableDynamics {
  public func velocity(_ t: Tensor, _ p: Tensor) -> Tensor { field(at: t).velocity(t, p) }
  public func force(_ t: Tensor, _ q: Tensor) -> Tensor { field(at: t).force(t, q) }
}

extension Varying: SecondOrderDynamics where Field: SecondOrderDynamics {
  public func acceleration(_ t: Tensor, _ y: Tensor) -> Tensor {
    field(at: t).acceleration(t, y)
  }
}
