import Foundation
import ThalwegLaws

/// The result of `thalweg solve` in words and numbers, for people.
struct SolveReport {
  let problem: StandardProblem
  let method: String
  let stepping: StandardProblem.Stepping
  let timed: TimedSolution

  /// More components than these are shown in part.
  private static let mostRows = 16

  /// Solution, errors and costs.
  var text: String {
    let steps = "\(timed.solution.statistics.steps) steps from 0 to \(problem.end)"
    let head = [
      "\(problem.name): \(problem.summary)",
      "\(method), " + (stepping.relative.map { "tolerance \($0), " } ?? "") + steps, "",
      row("", "solution", "reference", "    error"),
    ]
    return (head + rows + ["", costs]).joined(separator: "\n")
  }

  /// The components, or every so many of them.
  private var rows: [String] {
    let solution = timed.solution
    let count = solution.values.count
    let stride = count <= Self.mostRows ? 1 : (count + Self.mostRows - 1) / Self.mostRows
    return Swift.stride(from: 0, to: count, by: stride).map { index in
      row(
        problem.components[index], "\(solution.values[index])", "\(problem.solution[index])",
        String(format: "%9.2g", solution.errors[index]))
    }
  }

  private func row(_ name: String, _ solution: String, _ reference: String, _ error: String)
    -> String
  {
    name.padded(to: 12) + solution.padded(to: 25) + reference.padded(to: 25) + error
  }

  private var costs: String {
    let solution = timed.solution
    var lines = [
      ("largest error", String(format: "%.3g", solution.largestError)),
      ("relative error", String(format: "%.3g", solution.relativeError)),
    ]
    if !problem.invariants.isEmpty {
      lines.append(("invariant kept to", String(format: "%.2g", solution.invariantDefect)))
    }
    let compilation =
      timed.compileSeconds.map { ", and \(Self.seconds($0)) to compile" } ?? " with compilation"
    lines.append(("evaluations", "\(solution.statistics.evaluations)"))
    lines += steps
    lines += [
      ("memory", "\(solution.statistics.arenaBytes) bytes"),
      ("time", Self.seconds(timed.seconds) + compilation),
    ]
    return lines.map { $0.0.padded(to: 18) + $0.1 }.joined(separator: "\n")
  }

  /// What there is to say of steps whose size is controlled, and of those that solve equations.
  private var steps: [(String, String)] {
    let statistics = timed.solution.statistics
    var lines: [(String, String)] = []
    if let smallest = statistics.smallestStep, let largest = statistics.largestStep {
      lines = [
        ("steps", "\(statistics.accepted) accepted, \(statistics.rejected) rejected"),
        ("step sizes", String(format: "%.3g to %.3g", smallest, largest)),
      ]
    }
    if statistics.newtonIterations > 0 {
      lines.append(("Newton iterations", "\(statistics.newtonIterations)"))
    }
    if statistics.krylovIterations > 0 {
      lines.append(("Krylov iterations", "\(statistics.krylovIterations)"))
    }
    return lines
  }

  /// As `1.2 ms`.
  static func seconds(_ value: Double) -> String {
    value < 1e-3
      ? String(format: "%.3g µs", value * 1e6)
      : value < 1 ? String(format: "%.3g ms", value * 1e3) : String(format: "%.3g s", value)
  }
}
