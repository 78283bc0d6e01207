import Foundation
import ThalwegKernels
import ThalwegStability
import ThalwegTraining

extension DepthReport {
  /// Draws the report into a folder, which is made if it does not exist.
  ///
  ///     report.svg, report.png        one page of four pictures
  ///     region, spectrum, energy, gradient, each as .svg and .png
  ///     eigenvalues.csv, steps.csv, region.csv      the numbers behind them
  ///
  /// Data are written before anything is drawn.
  ///
  /// - Returns: the paths of the pictures.
  /// - Errors: ``PictureError`` where gnuplot is missing or fails, and ``FileError``.
  @discardableResult
  public func writePictures(to folder: String) throws -> [String] {
    try makeFolder(folder)
    let values = steps.flatMap { step in
      step.spectrum.settled.map { $0 * Complex(blocks[step.block].stepSize) }
    }
    let window = RegionWindow(region, around: values)
    let stripes = window.stripes
    try stripes.write(to: "\(folder)/region.csv")
    try eigenvalueTable.write(to: "\(folder)/eigenvalues.csv")
    try stepTable.write(to: "\(folder)/steps.csv")
    let gnuplot = try Gnuplot()
    let panels = panels(window, hasStripes: !stripes.isEmpty)
    return try gnuplot.draw(panels, page: "report", into: folder)
  }

  private func panels(
    _ window: RegionWindow, hasStripes: Bool
  ) -> [(name: String, script: String)] {
    let method = configuration.integrator.rawValue
    let lengths = steps.flatMap { [$0.perturbation, $0.gradient] }.filter { $0 > 0 } + [1]
    let spread = (lengths.max() ?? 1) / (lengths.min() ?? 1)
    let hasEnergy = steps.contains { $0.energy != nil }
    return [
      (
        "region",
        Panel.region(
          window, title: "hλ of all steps over the region of \(method)", stripes: "region.csv",
          values: "eigenvalues.csv", hasStripes: hasStripes)
      ),
      (
        "spectrum",
        Panel.spectrum(
          title: "hλ from step to step", axis: "step", values: "eigenvalues.csv",
          region: region)
      ),
      (
        "energy",
        Panel.curves(
          title: hasEnergy ? "Energy and norm of the state" : "Norm of the state",
          label: "after the step, relative to before the first", data: "steps.csv",
          (hasEnergy ? [(column: 10, name: "energy")] : []) + [(column: 9, name: "norm")],
          steps: steps.count, isLogarithmic: false)
      ),
      (
        "gradient",
        Panel.curves(
          title: "Perturbation and gradient over depth", label: "relative length",
          data: "steps.csv",
          [(column: 11, name: "perturbation, forth"), (column: 12, name: "gradient, back")],
          steps: steps.count, isLogarithmic: spread > 20)
      ),
    ]
  }

  private var eigenvalueTable: Table {
    region.table(
      of: steps.enumerated().map { index, step in
        (Double(index + 1), step.spectrum, blocks[step.block].stepSize)
      }, along: "step")
  }

  private var stepTable: Table {
    var table = Table([
      "step", "block", "time", "kernel_norm", "radius", "abscissa", "amplification",
      "largest_stable_step", "norm", "energy", "perturbation", "gradient", "stable",
    ])
    var (norm, energy) = (1.0, 1.0)
    for (index, step) in steps.enumerated() {
      // Blocks have energies of their own: each begins with 1.
      if step.step == 0 {
        (norm, energy) = (1, 1)
        table.add(before(index, step))
      }
      norm *= step.normRatio
      energy *= step.energyDrift.map { 1 + $0 } ?? 1
      table.add([
        Double(index + 1), Double(step.block + 1), step.time, step.kernelNorms.max(),
        step.spectrum.radius, step.spectrum.settled.map(\.real).max(), step.amplification,
        step.largestStableStep, norm, step.energy == nil ? nil : energy, step.perturbation,
        gradient(behind: index), step.isStable ? 1 : 0,
      ])
    }
    return table
  }

  /// The row of the input of a block.
  private func before(_ index: Int, _ step: StepReport) -> [Double?] {
    [
      Double(index), Double(step.block + 1), step.time, nil, nil, nil, nil, nil, 1,
      step.energy == nil ? nil : 1, 1, step.gradient, nil,
    ]
  }

  /// The length of the gradient behind a step: that before the next one of the block, or 1.
  private func gradient(behind index: Int) -> Double {
    let next = index + 1
    return next < steps.count && steps[next].block == steps[index].block
      ? steps[next].gradient : 1
  }
}
