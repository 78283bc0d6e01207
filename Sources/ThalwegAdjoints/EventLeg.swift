import ThalwegTensors

/// What passes from one event to the next; numbers that are no states are in double precision.
struct EventLeg {
  /// What the method carries.
  var carry: [Tensor]
  var time: Tensor
  /// The size of the next step, without sign.
  var firstStep: Tensor
  /// For each condition whether it has just passed zero.
  var leaving: Tensor
  /// Whether the flow goes on.
  var isGoing: Tensor
  /// How many events there may still be.
  var left: Tensor
  /// The states at the times that are asked for, stacked leaf by leaf, as far as they are known.
  var states: [Tensor]

  var tensors: [Tensor] { carry + [time, firstStep, leaving, isGoing, left] + states }

  init(
    _ carry: [Tensor], at time: Double, firstStep: Tensor, events: Int, left: Int,
    states: [Tensor]
  ) {
    self.carry = carry
    self.time = Tensor([time], shape: [])
    self.firstStep = firstStep
    leaving = .zeros([events])
    isGoing = Tensor([1], shape: [])
    self.left = Tensor([Double(left)], shape: [])
    self.states = states
  }

  /// What the search for events is told; a flow that has ended begins at its end.
  func head(end: Double) -> Tensor {
    let begin = select(isGoing, stopGradient(time), Tensor([end], shape: []))
    return concatenate([stack([firstStep, begin, left]), leaving])
  }

  func replacing(_ tensors: [Tensor]) -> EventLeg {
    var leg = self
    let count = carry.count
    leg.carry = Array(tensors.prefix(count))
    leg.time = tensors[count]
    leg.firstStep = tensors[count + 1]
    leg.leaving = tensors[count + 2]
    leg.isGoing = tensors[count + 3]
    leg.left = tensors[count + 4]
    leg.states = Array(tensors[(count + 5)...])
    return leg
  }
}
