import ThalwegKernels
import ThalwegStability

extension StabilityRegion {
  /// The eigenvalues of several spectra, each with a place along an axis and a step, and whether steps
  /// amplify them; those of growing solutions are let pass.
  func table(
    of spectra: [(place: Double, spectrum: Spectrum, step: Double)], along axis: String
  ) -> Table {
    var table = Table([axis, "real", "imaginary", "h_real", "h_imaginary", "stable"])
    for (place, spectrum, h) in spectra {
      for (value, cleaned) in zip(spectrum.eigenvalues, spectrum.cleaned) {
        let isInside = cleaned.real > 0 || isStable(at: cleaned * Complex(h))
        table.add([
          place, value.real, value.imaginary, h * value.real, h * value.imaginary,
          isInside ? 1 : 0,
        ])
      }
    }
    return table
  }
}
