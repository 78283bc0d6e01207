import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegNetworks
import ThalwegStability
import ThalwegTensors

/// A layer that is a flow, whatever its method.
protocol Inspectable {
  /// The flow taken apart at an input.
  func report(
    block: Int, at x: Tensor, _ region: StabilityRegion, progress: (Int) -> Void
  ) throws -> BlockReport
}

extension Flow: Inspectable where Method.Field.State == Tensor {
  func report(
    block: Int, at x: Tensor, _ region: StabilityRegion, progress: (Int) -> Void
  ) throws -> BlockReport {
    try BlockInspection(self, region, at: x, start: { $0 }, end: { $0 })
      .report(block: block, progress: progress)
  }
}

extension HalvedFlow: Inspectable {
  func report(
    block: Int, at x: Tensor, _ region: StabilityRegion, progress: (Int) -> Void
  ) throws -> BlockReport {
    func halves(_ x: Tensor) -> PhasePoint {
      let halves = x.split(into: 2, along: 1)
      return PhasePoint(q: halves[0], p: halves[1])
    }
    return try BlockInspection(
      flow, region, at: x, start: halves, end: { concatenate([$0.q, $0.p], along: 1) }
    ).report(block: block, progress: progress)
  }
}

extension RestingFlow: Inspectable {
  func report(
    block: Int, at x: Tensor, _ region: StabilityRegion, progress: (Int) -> Void
  ) throws -> BlockReport {
    func resting(_ x: Tensor) -> PhasePoint {
      PhasePoint(q: x, p: .zeros(x.shape, dtype: x.dtype))
    }
    return try BlockInspection(flow, region, at: x, start: resting, end: \.q)
      .report(block: block, progress: progress)
  }
}
