import ThalwegTraining

extension RobustnessComparison {
  /// Draws accuracy against strength into a folder, a panel for each kind of perturbation, as
  /// robustness.svg and .png with the numbers in robustness.csv beside them.
  ///
  /// - Returns: the paths of the pictures.
  /// - Errors: ``PictureError`` where gnuplot is missing or fails, and ``FileError``.
  @discardableResult
  public func writePictures(to folder: String) throws -> [String] {
    try makeFolder(folder)
    let kinds = RobustnessReport.kinds
    var table = Table(["strength"] + names.flatMap { name in kinds.map { "\(name): \($0)" } })
    for (place, strength) in strengths.enumerated() {
      table.add([strength] + reports.flatMap { $0.accuracies[place] })
    }
    try table.write(to: "\(folder)/robustness.csv")
    let panels = kinds.indices.map(panel).joined(separator: "\n")
    let script = """
      \(Panel.style)
      set xlabel 'strength of the perturbation'
      set ylabel 'accuracy, %'
      set yrange [0:100]
      set offsets graph 0.02, graph 0.02, 0, 0
      set autoscale xfix
      set multiplot layout 1,\(kinds.count)
      \(panels)
      unset multiplot
      """
    try Gnuplot().draw(script, width: 1280, height: 440, into: "\(folder)/robustness")
    return ["\(folder)/robustness.svg", "\(folder)/robustness.png"]
  }

  /// The curves of all classifiers for one kind of perturbation.
  private func panel(_ kind: Int) -> String {
    let marks = [(7, "#0a3069"), (5, "#57606a"), (9, "#1a7f37"), (2, "#cf222e")]
    let kinds = RobustnessReport.kinds
    let curves = names.enumerated().map { index, name in
      let (point, color) = marks[index % marks.count]
      return "'robustness.csv' using 1:(100*$\(2 + index * kinds.count + kind)) skip 1"
        + " with linespoints pointtype \(point) pointsize 0.8 dashtype \(index % 5 + 1) linewidth 1.8"
        + " linecolor '\(color)' title '\(Panel.quoted(name))'"
    }
    return "set title '\(kinds[kind])'\nplot \(curves.joined(separator: ", \\\n  "))"
  }
}
