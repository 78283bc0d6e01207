import ThalwegTraining

extension RobustnessReport {
  /// Draws accuracy against strength into a folder, as robustness.svg and .png with the numbers in
  /// robustness.csv beside them.
  ///
  /// - Returns: the paths of the pictures.
  /// - Errors: ``PictureError`` where gnuplot is missing or fails, and ``FileError``.
  @discardableResult
  public func writePictures(to folder: String) throws -> [String] {
    try makeFolder(folder)
    var table = Table(["strength"] + Self.kinds)
    for (strength, row) in zip(strengths, accuracies) { table.add([strength] + row) }
    try table.write(to: "\(folder)/robustness.csv")
    let marks = [(7, "#0a3069"), (5, "#57606a"), (2, "#cf222e")]
    let curves = zip(Self.kinds, marks).enumerated().map { index, curve in
      "'robustness.csv' using 1:(100*$\(index + 2)) skip 1 with linespoints"
        + " pointtype \(curve.1.0) linecolor '\(curve.1.1)' title '\(curve.0)'"
    }
    let script = """
      \(Panel.style)
      set xlabel 'strength of the perturbation'
      set ylabel 'accuracy, %'
      set yrange [0:100]
      plot \(curves.joined(separator: ", \\\n  "))
      """
    try Gnuplot().draw(script, width: 640, height: 480, into: "\(folder)/robustness")
    return ["\(folder)/robustness.svg", "\(folder)/robustness.png"]
  }
}
