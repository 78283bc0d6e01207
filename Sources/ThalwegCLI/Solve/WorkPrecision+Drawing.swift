extension WorkPrecision {
  /// A name in the legend is so wide.
  private static let nameWidth = 160.0
  private static let top = 60.0
  private static let size = (width: 330.0, height: 300.0)

  /// Errors against evaluations and against time, a curve for each method.
  var drawing: Drawing {
    let columns = 5
    let rows = (methods.count + columns - 1) / columns
    var drawing = Drawing(width: 900, height: 450 + 20 * Swift.max(rows, 1))
    drawing.text(
      "\(problem.name): work over precision", at: (60, 24), isBold: true)
    panel("evaluations", left: 70) { Double($0.evaluations) }.draw(in: &drawing)
    panel("seconds", left: 530) { $0.seconds }.draw(in: &drawing)
    for (index, method) in methods.enumerated() {
      let x = 60 + Self.nameWidth * Double(index % columns)
      let y = 440 + 20 * Double(index / columns)
      drawing.line([(x, y - 4), (x + 22, y - 4)], .series(index))
      drawing.dot((x + 11, y - 4), .series(index))
      drawing.text(method, at: (x + 30, y))
    }
    return drawing
  }

  private func panel(
    _ title: String, left: Double, _ work: (Run) -> Double
  ) -> LogarithmicPanel {
    let curves = methods.enumerated().map { index, method in
      // An error of zero has no place on the axis.
      let points = runs.filter { $0.integrator == method && $0.error > 0 }
        .map { (x: $0.error, y: work($0)) }
      return LogarithmicPanel.Curve(points: points, color: .series(index))
    }
    return LogarithmicPanel(
      title: title, label: "relative error →", curves: curves, corner: (left, Self.top),
      size: Self.size)
  }
}
