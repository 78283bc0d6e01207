import ArgumentParser
import Foundation
import ThalwegLaws

/// `thalweg check`: the self-test of the catalogue.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check every method of the catalogue against its laws.",
    discussion: """
      Each line gives a method, a law, the error measured and the largest allowed.

        order conditions    of a tableau, one for each rooted tree
        R(z)                steps on y' = λy against the closed form, |z| ≤ 3
        stability interval  how far both axes are stable, against published values
        order               the slope of the error over the step
        undo                steps forth and back, of methods that have a way back
        gradient            adjoints against one another and against differences
        evaluations         of flows and their gradients, against theory
        memory              of gradients, against theory
        energy              100,000 steps of a chain, of symplectic methods

      The exit code is 1 where a law does not hold.

      EXAMPLES
        thalweg check
        thalweg check --filter verlet
        thalweg check --filter 'gradient, reversible' --json
      """)

  @Option(help: "Check only the lines that contain this text, as 'verlet' or 'memory'.")
  var filter: String?

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object for each law, and one for the result.")
  var json = false

  func run() throws {
    threads.apply()
    let laws = Catalogue.laws.filter { law in filter.map { "\(law)".contains($0) } ?? true }
    guard !laws.isEmpty else {
      throw ValidationError(
        "no line contains '\(filter ?? "")'; 'thalweg check' prints all of them")
    }
    let clock = ContinuousClock()
    let begin = clock.now
    var failures = 0
    for (index, law) in laws.enumerated() {
      if !json { showProgress("\(index + 1) of \(laws.count): \(law)") }
      let result = law.check()
      failures += result.passes ? 0 : 1
      if json {
        print(try CheckRecord(result).json)
      } else {
        printLine(result)
      }
    }
    let seconds = (clock.now - begin) / .seconds(1)
    let passed = laws.count - failures
    if json {
      print(try CheckSummary(passed: passed, failed: failures, seconds: seconds).json)
    } else {
      let verdict = failures == 0 ? "All hold" : "\(failures) do not hold"
      print("\n\(verdict): \(laws.count) laws in \(String(format: "%.1f", seconds)) s.")
    }
    if failures > 0 { throw ExitCode.failure }
  }

  /// Writes what is being measured over the line that its result will take, on a terminal.
  private func showProgress(_ text: String) {
    guard isatty(STDOUT_FILENO) == 1 else { return }
    print("\r\u{1B}[K\(text) ...", terminator: "")
    fflush(nil)
  }

  private func printLine(_ result: LawResult) {
    if isatty(STDOUT_FILENO) == 1 { print("\r\u{1B}[K", terminator: "") }
    let columns = [
      (result.passes ? "ok" : "FAIL").padded(to: 5), result.method.padded(to: 22),
      result.law.padded(to: 32), String(format: "%9.2g ≤ %-8.2g", result.figure, result.bound),
      result.note,
    ]
    let line = columns.joined(separator: " ")
    print(String(line.reversed().drop { $0 == " " }.reversed()))
  }
}

/// A result as a JSON object; a figure that is no number is null.
private struct CheckRecord: Encodable {
  var method: String
  var law: String
  var figure: Double?
  var bound: Double
  var passes: Bool
  var note: String

  init(_ result: LawResult) {
    method = result.method
    law = result.law
    figure = result.figure.isFinite ? result.figure : nil
    bound = result.bound
    passes = result.passes
    note = result.note
  }
}

private struct CheckSummary: Encodable {
  var result = "check"
  var passed: Int
  var failed: Int
  var seconds: Double
}
