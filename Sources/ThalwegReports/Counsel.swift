import Foundation
import ThalwegNetworks
import ThalwegStability

/// Sentences that follow from the numbers of a report.
struct Counsel {
  private let configuration: PDENetwork.Configuration
  private let region: StabilityRegion
  private let blocks: [BlockReport]

  init(
    _ configuration: PDENetwork.Configuration, _ region: StabilityRegion, _ blocks: [BlockReport]
  ) {
    self.configuration = configuration
    self.region = region
    self.blocks = blocks
  }

  var sentences: [String] {
    var sentences = blocks.flatMap { steps($0) + gradients($0) }
    sentences += adjoint
    guard sentences.isEmpty else { return sentences + growth }
    let room =
      blocks.map { block in
        (block.steps.map(\.largestStableStep).min() ?? .infinity) / block.stepSize
      }.min() ?? .infinity
    let words =
      room.isFinite
      ? "the largest stable step is \(short(room)) times as long"
      : "stability does not limit the step"
    return ["All steps are stable, and gradients keep their size; \(words)."] + growth
  }

  /// How perturbations can grow through steps that are all stable.
  private var growth: [String] {
    blocks.compactMap { block in
      guard block.unstableSteps.isEmpty, block.amplification > 2 else { return nil }
      return "Perturbations of the input of \(name(block)) grow by up to"
        + " \(short(block.amplification)) although its steps are stable: eigenvalues say what a step"
        + " that is repeated does in the long run, and those of matrices that are not normal, or that"
        + " change from step to step, do not bound growth over \(block.steps.count) of them."
    }
  }

  private func name(_ block: BlockReport) -> String {
    blocks.count == 1 ? "the block" : "block \(block.block + 1)"
  }

  // MARK: - Steps

  private func steps(_ block: BlockReport) -> [String] {
    let unstable = block.steps.filter { !$0.isStable }
    guard let worst = unstable.max(by: { $0.amplification < $1.amplification }) else { return [] }
    let limit = unstable.map(\.largestStableStep).min() ?? 0
    let which =
      unstable.count == block.steps.count
      ? "All steps" : "Steps \(unstable.map { "\($0.step + 1)" }.joined(separator: ", "))"
    var text =
      "\(which) of \(name(block)) amplify: with h = \(short(block.stepSize)) the largest |R(hλ)| of"
      + " \(configuration.integrator.rawValue) is \(short(worst.amplification))."
    let growth = unstable.flatMap(\.spectrum.settled).map(\.real).max() ?? 0
    if limit > block.stepSize / 100 {
      let needed = Int((block.span / limit).rounded(.up))
      text += " Stable steps are at most \(short(limit)): take --steps \(needed) over this span."
    } else if growth > 0 {
      text +=
        " The dynamics themselves grow, with real parts up to \(short(growth)): no step mends that."
    } else {
      text += " No step of this method is stable for these eigenvalues."
    }
    return [text] + [otherMethod(block), projection(block)].compactMap { $0 }
  }

  /// The cheapest other method that is stable with these steps.
  private func otherMethod(_ block: BlockReport) -> String? {
    let found = IntegratorName.legal(for: configuration.dynamics).first { name in
      name != configuration.integrator
        && block.steps.allSatisfy {
          name.region.isStable(for: $0.spectrum, step: block.stepSize, ignoringGrowth: true)
        }
    }
    return found.map { "Or take --integrator \($0.rawValue), which is stable with these steps." }
  }

  private func projection(_ block: BlockReport) -> String? {
    guard configuration.normalization == .none else {
      return "Normalisation \(configuration.normalization) leaves the eigenvalues without a bound:"
        + " only none and tv:provable allow one."
    }
    let limit = configuration.integrator.largestNorm(
      for: configuration.dynamics, step: block.stepSize)
    guard limit > 0 else { return nil }
    guard block.largestNorm > limit else { return nil }
    return "Or train with --project 0.95, which keeps ‖K‖ below \(short(limit)); the largest is"
      + " \(short(block.largestNorm))."
  }

  // MARK: - Gradients

  private func gradients(_ block: BlockReport) -> [String] {
    var sentences: [String] = []
    if block.adjointGrowth > 100 || block.amplification > 1000 {
      sentences.append(
        "Gradients of \(name(block)) grow by \(short(block.adjointGrowth)) on their way back and"
          + " perturbations by up to \(short(block.amplification)): training will be erratic.")
    }
    if block.adjointGrowth < 0.01 {
      sentences.append(
        "Gradients of \(name(block)) shrink to \(short(block.adjointGrowth)) on their way back: it"
          + " forgets its input. A shorter span or Hamiltonian dynamics keep it.")
    }
    return sentences
  }

  /// Whether the adjoint can be trusted with such eigenvalues.
  private var adjoint: [String] {
    guard configuration.adjoint == .reversible else { return [] }
    let shrinkage =
      blocks.map { block in
        block.steps.reduce(0) { sum, step in
          let leftmost = step.spectrum.settled.map(\.real).min() ?? 0
          return sum + Swift.max(0, -leftmost) * block.stepSize
        }
      }.max() ?? 0
    guard shrinkage > 10 else { return [] }
    return [
      "Undoing the steps amplifies rounding errors by up to exp(\(short(shrinkage))): take"
        + " --adjoint checkpointed."
    ]
  }
}
