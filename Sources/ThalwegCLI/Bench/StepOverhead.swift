import Thalweg
import ThalwegAdjoints
import ThalwegDynamics
import ThalwegIntegrators
import ThalwegTensors

/// What a compiled RK4 step of a 2-50-2 tanh network costs at batch 1 beyond its arithmetic.
///
/// The arithmetic of one sample is taken from a batch of 256, where the cost of calls vanishes
/// among the numbers.
enum StepOverhead {
  private static let steps = 1000
  private static let largeBatch = 256

  static let cases = [
    BenchCase("overhead", "2-50-2 tanh, RK4 step, batch 1") { example, settings in
      let single = try secondsPerStep(batch: 1, settings)
      let arithmetic =
        try secondsPerStep(batch: largeBatch, settings) / Double(largeBatch)
      let metrics = [
        ("µs per step", single),
        ("µs of arithmetic of a sample in a batch of \(largeBatch)", arithmetic),
        ("µs of overhead", single - arithmetic),
      ]
      return metrics.map { BenchRecord(example, $0.0, $0.1 * 1e6, unit: $0.0) }
    }
  ]

  private static func secondsPerStep(
    batch: Int, _ settings: BenchSettings
  ) throws -> Double {
    let first = Tensor(chirp(100, phase: 0.3, amplitude: 0.14), shape: [2, 50])
    let second = Tensor(chirp(100, phase: 1.3, amplitude: 0.14), shape: [50, 2])
    let (b1, b2) = (Tensor.zeros([50]), Tensor.zeros([2]))
    let dynamics = ODE(first, b1, second, b2) { t, y, w1, b1, w2, b2 in
      matmul(tanh(matmul(y, w1) + b1), w2) + b2
    }
    let flow = Flow(dynamics, over: 0...1, steps: steps, using: RungeKutta(.classic))
    let start = Tensor(chirp(batch * 2, phase: 0.5), shape: [batch, 2])
    let watch = try Stopwatch(settings) { _ = try flow(start) }
    return watch.value / Double(steps)
  }
}
