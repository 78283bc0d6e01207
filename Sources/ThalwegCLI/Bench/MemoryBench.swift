import Foundation
import Thalweg
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegKernels
import ThalwegTensors

/// Resident memory of one training step of a Hamiltonian network against depth.
///
/// Each figure is the high-water mark of a fresh process. All steps share their weights, so that
/// what grows with depth is what the adjoint stores.
enum MemoryBench {
  private static let depths = [10, 100, 1000]
  private static let adjoints = ["reversible", "checkpointed:10", "direct"]

  static let cases = adjoints.flatMap { adjoint in
    depths.map { steps in
      BenchCase("memory", "verlet \(steps) steps", adjoint) { example, _ in
        let (peak, arena) = try measure(adjoint, steps)
        var record = BenchRecord(
          example, "MiB resident", Double(peak) / 1_048_576, unit: "MiB")
        record.arenaBytes = arena
        return [record]
      }
    }
  }

  /// Runs one configuration in a process of its own.
  private static func measure(_ adjoint: String, _ steps: Int) throws -> (peak: Int, arena: Int) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["bench", "memory", "--child", "\(adjoint) \(steps)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let numbers = String(decoding: output, as: UTF8.self).split(separator: " ").compactMap {
      Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    guard process.terminationStatus == 0, numbers.count == 2 else {
      throw BenchError.childFailed("\(adjoint), \(steps) steps", process.terminationStatus)
    }
    return (numbers[0], numbers[1])
  }

  static func runChild(_ form: String) throws {
    let words = form.split(separator: " ")
    guard words.count == 2, let steps = Int(words[1]) else {
      throw BenchError.unknownChild(form)
    }
    let name = words[0].split(separator: ":")
    switch name[0] {
    case "reversible": try train(steps, ReversibleAdjoint())
    case "checkpointed": try train(steps, CheckpointedAdjoint(budget: Int(name[1]) ?? 10))
    default: try train(steps, DirectAdjoint())
    }
  }

  private static func train(_ steps: Int, _ adjoint: some Adjoint<Verlet<SeparableODE>>) throws {
    let shape: Shape = [8, 8, 32, 32]
    let kernel = { (phase: Double) in
      Tensor(
        chirp(8 * 8 * 9, phase: phase, amplitude: 0.1), shape: [8, 8, 3, 3], dtype: .float32)
    }
    let network = SeparableODE(kernel(0.3), kernel(0.9)) { t, p, a, b in
      transposedConvolution(tanh(convolution(p, a)), a)
    } force: { t, q, a, b in
      -transposedConvolution(tanh(convolution(q, b)), b)
    }
    let flow = Flow(
      network, over: 0...1, steps: steps, using: Verlet(), adjoint: adjoint)
    let half = Tensor(chirp(shape.elementCount, phase: 0.7), shape: shape, dtype: .float32)
    let step = compile { (flow: Flow<Verlet<SeparableODE>>, start: PhasePoint) in
      let (loss, gradient) = try valueAndGradient(at: flow) { flow in
        let end = try flow(start)
        return sum(square(end.q)) + sum(square(end.p))
      }
      return [loss] + gradient.leaves
    }
    let start = PhasePoint(q: half, p: half * 0.5)
    _ = try step(flow, start)
    print(ResidentMemory.peakBytes ?? 0, try step.plan(for: flow, start).arenaBytes)
  }
}
