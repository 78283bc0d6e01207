public import ThalwegTensors

// Overloads for the closures that are written by mistake, so that the compiler says what is missing:
// of packs of parameters it only says that they differ, and some versions crash.

extension ODE {
  /// Says that a closure lacks the time.
  @available(
    *, unavailable, message: "the closure takes time and state: ODE(of: S.self) { t, y in ... }"
  )
  public init(of state: State.Type, field: @escaping @Sendable (State) -> State) { fatalError() }
}

extension ODE where State == Tensor {
  /// Says that a closure lacks the time.
  @available(*, unavailable, message: "the closure takes time and state: ODE { t, y in ... }")
  public init(field: @escaping @Sendable (Tensor) -> Tensor) { fatalError() }

  /// Says that a closure lacks the time or parameters.
  @available(
    *, unavailable,
    message: "the closure takes time, state and every parameter: ODE(k) { t, y, k in ... }"
  )
  public init<First: TensorTree, each Other: TensorTree>(
    _ first: First, _ others: repeat each Other,
    field: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) { fatalError() }

  /// Says that a closure lacks the time.
  @available(
    *, unavailable,
    message: "the closure takes time, state and every parameter: ODE(a, b) { t, y, a, b in ... }"
  )
  public init<First: TensorTree, Second: TensorTree, each Other: TensorTree>(
    _ first: First, _ second: Second, _ others: repeat each Other,
    field: @escaping @Sendable (Tensor, First, Second, repeat each Other) -> Tensor
  ) { fatalError() }
}

extension SecondOrderODE {
  /// Says that a closure lacks the time.
  @available(
    *, unavailable, message: "the closure takes time and state: SecondOrderODE { t, y in ... }"
  )
  public init(field: @escaping @Sendable (Tensor) -> Tensor) { fatalError() }
}

extension Event {
  /// Says that a closure lacks the time.
  @available(
    *, unavailable,
    message: "the condition takes time and state: Event(name, direction) { t, y in ... }"
  )
  public init(
    _ name: String, _ direction: EventDirection, isTerminal: Bool = true,
    condition: @escaping @Sendable (State) -> Tensor
  ) { fatalError() }

  /// Says that a closure lacks the time.
  @available(*, unavailable, message: "the change takes time and state: .apply { t, y in ... }")
  public func apply(change: @escaping @Sendable (State) -> State) -> Event { fatalError() }
}
