import Thalweg
import ThalwegDiffusion
import ThalwegTensors

/// A V cycle for Poisson's equation between insulated ends, on grids from 64² to 1024² unknowns.
///
/// What is reported is the time for each unknown, which does not grow with their number.
enum MultigridBench {
  static let cases = [DType.float64, .float32].flatMap { dtype in
    [64, 128, 256, 512, 1024].map { side in
      BenchCase("multigrid", "V cycle \(side)x\(side) \(dtype.word)") {
        [try measure($0, $1, side, dtype)]
      }
    }
  }

  private static func measure(
    _ example: BenchCase, _ settings: BenchSettings, _ side: Int, _ dtype: DType
  ) throws -> BenchRecord {
    let poisson = GridEquation(decay: 0, rate: 1)
    let noise = Tensor.randomNormal([side, side], key: 1).to(dtype)
    let b = noise - mean(noise)
    let cycle = compile { (x: Tensor, b: Tensor) in Multigrid().improved(x, poisson, b) }
    let start = Tensor.zeros([side, side], dtype: dtype)
    let compilation = try Stopwatch.seconds { _ = try cycle(start, b) }
    var x = start
    let watch = try Stopwatch(settings, isWarm: true) { x = try cycle(start, b) }
    let count = Double(side * side)
    var record = BenchRecord(
      example, "time per unknown", watch, scale: 1e9 / count, unit: "ns", settings: settings)
    record.compileSeconds = compilation
    // One cycle from nothing leaves a residual that the later ones make ten times smaller each.
    let left = b - poisson(x)
    record.residual = (sum(square(left)).scalar / sum(square(b)).scalar).squareRoot()
    record.agrees = (record.residual ?? 1) < 0.15
    return record
  }
}
