import Foundation
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

extension CataloguedMethod where Field == SeparableODE {
  /// A long run of a chain of pendulums forth and back.
  var energyLaws: [Law] {
    guard isSymplectic, let reversible else { return [] }
    return [
      Law("energy of a chain", of: name) {
        let energies = try ChainRun(of: reversible, steps: 100_000).energies
        let (drift, oscillation) = trend(energies)
        return Law.Figure(
          value: drift / oscillation, bound: 0.05,
          note: "drift over oscillation \(oscillation.formatted(decimals: 6))")
      },
      Law("undo 100000 steps of a chain", of: name) {
        Law.Figure(value: try ChainRun(of: reversible, steps: 100_000).error, bound: 1e-13)
      },
    ]
  }
}

/// The linear trend of a series over its length, and the range of what is left.
func trend(_ values: [Double]) -> (drift: Double, oscillation: Double) {
  let count = Double(values.count)
  let mean = values.reduce(0, +) / count
  let times = values.indices.map { (Double($0) + 0.5) / count - 0.5 }
  let products = zip(times, values).map { $0 * ($1 - mean) }
  let squares = times.map { $0 * $0 }
  let slope = products.reduce(0, +) / squares.reduce(0, +)
  let rest = zip(times, values).map { $1 - mean - slope * $0 }
  return (slope.magnitude, (rest.max() ?? 0) - (rest.min() ?? 0))
}

/// 32 pendulums, each coupled to its neighbours by springs: the sine-Gordon equation on a lattice.
///
///     qᵢ'' = qᵢ₊₁ - 2qᵢ + qᵢ₋₁ - sin qᵢ
///
/// The ends are held a full turn apart, and the chain starts at rest in the shape of the kink
/// q = 4 atan exp(x) of the continuous equation, which the lattice makes tremble.
struct ChainRun {
  private static let sites = 32
  let energies: [Double]
  let error: Double

  init(of method: any ReversibleIntegrator<SeparableODE>, steps: Int) throws {
    let run = try Self.run(method, steps)
    energies = run.observations
    error = run.error
  }

  private static func run<Method: ReversibleIntegrator<SeparableODE>>(
    _ method: Method, _ steps: Int
  ) throws -> RoundTrip {
    let chain = SeparableODE { _, p in
      p
    } force: { _, q in
      let all = withEnds(q)
      return all.slice(2..<sites + 2) - 2 * q + all.slice(0..<sites) - sin(q)
    }
    let kink = (0..<sites).map { 4 * Foundation.atan(Foundation.exp(Double($0) - 15.5)) }
    let start = PhasePoint(q: Tensor(kink), p: .zeros([sites]))
    return try RoundTrip(
      of: method, chain, from: start, to: 0.1 * Double(steps), steps: steps, observing: energy)
  }

  private static func energy(_ state: PhasePoint) -> Tensor {
    let all = withEnds(state.q)
    let stretches = all.slice(1..<sites + 2) - all.slice(0..<sites + 1)
    let stored = 0.5 * sum(square(stretches)) + sum(1 - cos(state.q))
    return 0.5 * sum(square(state.p)) + stored
  }

  private static func withEnds(_ q: Tensor) -> Tensor {
    concatenate([.zeros([1]), q, Tensor([2 * Double.pi])])
  }
}
