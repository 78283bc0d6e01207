import ThalwegKernels
import ThalwegStability

extension StabilityRegion {
  /// The eigenvalues of several spectra, each with a place along an axis and a step, and whether steps
  /// amplify them; those of growing solutions are let pass, and those that did not converge left out.
  func table(
    of spectra: [(place: Double, spectrum: Spectrum, step: Double)], along axis: String
  ) -> Table {
    var table = Table([axis, "real", "imaginary", "h_real", "h_imaginary", "stable"])
    for (place, spectrum, h) in spectra {
      let stable = stableEigenvalues(of: spectrum, step: h)
      for (index, value) in spectrum.eigenvalues.enumerated() where spectrum.isSettled[index] {
        table.add([
          place, value.real, value.imaginary, h * value.real, h * value.imaginary,
          stable[index] ? 1 : 0,
        ])
      }
    }
    return table
  }
}
