import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

extension Flow {
  /// Which of some times a flow has reached at a time: 1 where it has, and 0 where it has not.
  func reached(_ times: Tensor, _ time: Tensor) -> Tensor {
    end < start ? times .<= time : times .>= time
  }

  /// Leaves of states, stacked, from the one list where a mask of their first axis is not 0.
  func chosen(_ mask: Tensor, _ leaves: [Tensor], _ others: [Tensor]) -> [Tensor] {
    zip(leaves, others).map { leaf, other in
      let shape = Shape([mask.count] + Array(repeating: 1, count: other.rank - 1))
      return select(mask.to(other.dtype).reshaped(to: shape), leaf, other)
    }
  }

  /// The states at times within the step that ends at an event; at others those at its ends.
  func states(
    in step: GridStep, from carry: Method.Carry, at place: (time: Tensor, size: Tensor),
    _ happens: Tensor, _ times: Tensor
  ) -> [Tensor] {
    let dtype = place.size.dtype
    // Where there is no event the step has no length.
    let length = select(happens, place.size.to(.float64), Tensor([1], shape: []))
    let parts = min(max((times - place.time) / length, 0), 1).to(dtype)
    return Loop.record(
      from: [], over: [.stacked(parts)], count: times.count,
      emittedKinds: Array(repeating: .stacked, count: method.state(of: carry).leaves.count)
    ) { _, elements in
      ([], step.interpolate(elements[0], place.size, carry.leaves, step.next, step.dense))
    }.emitted.map { $0[0] }
  }
}
