import ThalwegDynamics
import ThalwegTensors

extension Flow: CustomStringConvertible {
  /// The dynamics, the span of time, the steps and the method.
  ///
  ///     print(swing)
  ///     // Flow of ODE<Tensor> without parameters from 0.0 to 20.0, 400 steps by RungeKutta of order 4
  public var description: String {
    let field =
      (dynamics as? any CustomStringConvertible)?.description ?? "\(Method.Field.self)"
    let name = "\(Method.self)".prefix { $0 != "<" }
    let fields = isStaged ? "\(stages.count) stages of \(field)" : field
    let sizes = adaptation == nil ? "\(steps) steps" : "steps of controlled size"
    let watched =
      events.isEmpty
      ? "" : ", with events \(events.map { "\"\($0.name)\"" }.joined(separator: ", "))"
    return
      "Flow of \(fields) from \(start) to \(end), \(sizes) by \(name) of order \(method.order)"
      + watched
  }
}
