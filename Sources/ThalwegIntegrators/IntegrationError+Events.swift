extension IntegrationError {
  /// What happened, where it has to do with events.
  var ofEvents: String {
    switch reason {
    case .nonFiniteCondition(let event, let value): "the condition of '\(event)' became \(value)"
    case .tooManyEvents(let event, let limit):
      "'\(event)' happened after \(limit) events, which are all there may be"
    case .accumulatingEvents(let event):
      "'\(event)' followed the last event in less time than can be told apart"
    default: "the condition of an event touches zero without passing it"
    }
  }

  /// What to try, where it has to do with events.
  var eventAdvice: String {
    switch reason {
    case .nonFiniteCondition:
      "Write the condition so that it is a number wherever steps may lead, also beyond its zeros."
    case .tooManyEvents:
      """
      Raise maximumEvents. If the times between events shrink without end, end the flow before they \
      accumulate, by a terminal event.
      """
    case .accumulatingEvents:
      """
      Events accumulate at this time, as the bounces of a ball that comes to rest do: end the flow \
      before, by a terminal event, or let the change lead away from where the condition is zero.
      """
    default: "The time of such an event has no derivative: choose a condition that passes zero."
    }
  }
}
