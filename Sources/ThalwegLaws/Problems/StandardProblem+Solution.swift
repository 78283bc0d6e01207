public import ThalwegAdjoints

extension StandardProblem {
  /// What a method made of a problem.
  public struct Solution: Sendable {
    /// The components at the end; of a method for y'' = f(t, y), the positions alone.
    public let values: [Double]
    /// The difference from the reference, component by component.
    public let errors: [Double]
    /// Times on the way, at which `path` gives the components.
    public let times: [Double]
    /// The components at these times.
    public let path: [[Double]]
    /// What the integration took.
    public let statistics: FlowStatistics

    init(
      of problem: StandardProblem, values: [Double], times: [Double], path: [[Double]],
      statistics: FlowStatistics
    ) {
      self.values = values
      self.times = times
      self.path = path
      self.statistics = statistics
      errors = zip(values, problem.solution).map { $0 - $1 }
      relativeError = zip(errors, problem.errorScales).map { $0.magnitude / $1 }
        .reduce(0, maximumOrNaN)
      invariantDefect = problem.invariants.map { $0.defect(of: values) }.reduce(0, maximumOrNaN)
    }

    /// The largest error of a component.
    public var largestError: Double { errors.map(\.magnitude).reduce(0, maximumOrNaN) }

    /// The largest error of a component relative to ``StandardProblem/errorScales``.
    public let relativeError: Double

    /// The largest defect of the problem's invariants; 0 where it has none.
    public let invariantDefect: Double
  }

  /// How long the steps of a method are.
  public enum Stepping: Hashable, Sendable {
    /// So many steps of equal length.
    case steps(Int)
    /// As long as errors allow, where a method estimates them: the error of a step is at most the
    /// absolute tolerance and the relative one times the state, component by component. Without an
    /// absolute tolerance it is the relative one times ``StandardProblem/magnitude``.
    case tolerance(relative: Double, absolute: Double? = nil)
  }

  /// A problem with a method and its steps, which is compiled when it is first solved.
  public struct Solver: Sendable {
    private let integrate: @Sendable (Int) throws -> Solution

    init(integrate: @escaping @Sendable (Int) throws -> Solution) { self.integrate = integrate }

    /// The solution, with about so many states on the way, at most one for each step where these
    /// are of equal length.
    ///
    /// - Errors: ``IntegrationError`` where the state stops being finite, where the equations of a
    ///   step cannot be solved, and where there would be too many steps.
    public func solve(points: Int = 0) throws -> Solution { try integrate(points) }
  }

  /// A method that cannot choose its steps by a tolerance, since it estimates no errors.
  public struct NoErrorEstimate: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was asked for.
    public let name: String
    /// The methods that do.
    public let known: [String]

    public var description: String {
      "integrator '\(name)' estimates no errors, so that a tolerance says nothing to it; those that "
        + "do: \(known.joined(separator: ", "))"
    }
  }

  /// A method that a problem cannot be solved with, or that does not exist.
  public struct UnknownMethod: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was asked for.
    public let name: String
    /// What there is.
    public let known: [String]

    public var description: String {
      "there is no integrator '\(name)' for this problem; known: \(known.joined(separator: ", "))"
    }
  }
}
