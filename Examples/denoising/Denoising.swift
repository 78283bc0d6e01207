import ExampleSupport
import Thalweg

/// Noise is taken from a signal by diffusion.
///
/// Linear diffusion blurs edges; a flux that is weak where slopes are large keeps them.
@main
enum Denoising: Example {
  static func run(_ options: Options) throws {
    // Steps and a ramp, and noise.
    let x = Tensor.iota(256) / 256
    let clean = step(x - 0.2) - 0.7 * step(x - 0.45) + step(x - 0.6) * (0.6 - 2 * abs(x - 0.8))
    let noisy = clean + 0.1 * Tensor.randomNormal([256], key: 1)

    let linear = Diffusion(.derivatives([0, 1]), flux: .linear)
    let edges = Diffusion(.derivatives([0, 1]), flux: .peronaMalik(contrast: 0.15))
    print("noisy error", error(of: noisy, from: clean))
    var plot = Plot("Noise removed from a signal", x: "place", y: "value")
    for (name, diffusion, time) in [("Perona-Malik", edges, 12.0), ("linear", linear, 4.0)] {
      // Steps are as long as is stable, and what is proved of them is known beforehand.
      let filter = try DiffusionFilter(diffusion, time: time, scheme: .explicit, on: noisy.shape)
      let filtered = try filter(noisy)
      print(
        name, "error", error(of: filtered, from: clean), "steps", filter.steps, "stable",
        filter.certificate.isNormStable)
      print(name, "mean changed by", mean(filtered - noisy).scalar.rounded(to: 2))
      plot.add(name, x: x.values, y: filtered.values)
    }
    plot.add("noisy", x: x.values, y: noisy.values, as: .points)
    try plot.write(to: "\(options.folder)/denoising")
  }

  /// The root of the mean square of the difference.
  static func error(of signal: Tensor, from clean: Tensor) -> String {
    sqrt(mean(square(signal - clean))).scalar.rounded(to: 4)
  }
}
