import Foundation
import Testing

/// Words that a shell completes.
@Suite(.enabled(if: TrainTool.path != nil, "the tool is not built: make build"))
struct CompletionTests {
  private func run(_ script: String) throws -> TrainTool.Outcome {
    TrainTool.finish(
      try TrainTool.start(
        program: "/bin/bash", ["-c", script], in: FileManager.default.temporaryDirectory.path))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `each shell has a script that names the commands`(shell: String) throws {
    let tool = try #require(TrainTool.path)
    let outcome = try run("'\(tool)' --generate-completion-script \(shell)")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    for word in ["train", "doctor", "robustness"] { #expect(outcome.output.contains(word)) }
  }

  @Test(arguments: [
    ("(thalweg tr)", 1, ["train"]), ("(thalweg train --ep)", 2, ["--epochs"]),
    ("(thalweg d)", 1, ["denoise", "doctor"]),
    ("(thalweg train --network h)", 3, ["hamiltonian"]),
    ("(thalweg train --integrator leap)", 3, ["leapfrog", "leapfrog-midpoint"]),
    ("(thalweg solve lor)", 2, ["lorenz"]),
    ("(thalweg solve lorenz --integrator radau)", 4, ["radau5"]),
    ("(thalweg denoise --scheme f)", 3, ["fixed-point", "fsi"]),
    ("(thalweg experiment points p)", 3, ["peaks"]),
  ])
  func `bash completes commands and flags`(
    words: String, index: Int, expected: [String]
  ) throws {
    let tool = try #require(TrainTool.path)
    let outcome = try run(
      """
      source <('\(tool)' --generate-completion-script bash)
      COMP_WORDS=\(words); COMP_CWORD=\(index); COMP_LINE="${COMP_WORDS[*]}"
      COMP_POINT=${#COMP_LINE}; _thalweg thalweg "${COMP_WORDS[@]: -1}" "${COMP_WORDS[@]: -2:1}"
      printf '%s\\n' "${COMPREPLY[@]}" | sort
      """)
    #expect(outcome.lines == expected, "\(outcome.output) \(outcome.errors)")
  }
}
