/// A picture of curves and points, with its numbers beside it.
///
///     var plot = Plot("Energy of a pendulum", x: "time", y: "energy")
///     plot.add("forward Euler", x: times, y: growing)
///     plot.add("Verlet", x: times, y: steady)
///     try plot.write(to: "pictures/energy")    // .svg, .png, .csv, and .gp to draw it again
///
/// Curves differ by dashes and points by shapes, so that they can be told apart without colours.
///
/// - Errors: ``PictureError`` where gnuplot is missing, and `FileError` where nothing can be written.
public struct Plot: Sendable {
  /// How numbers are drawn.
  public enum Mark: Hashable, Sendable {
    /// A line through all points.
    case line
    /// A mark at each point.
    case points
    /// Both.
    case markedLine
  }

  /// What is marked evenly along an axis.
  public enum Scale: Hashable, Sendable {
    case linear
    case logarithmic
  }

  private struct Curve {
    let name: String
    let x: [Double]
    let y: [Double]
    let mark: Mark

    /// Whether there is a point that can be drawn.
    var isVisible: Bool { zip(x, y).contains { $0.isFinite && $1.isFinite } }
  }

  private let title: String
  private let axes: (x: String, y: String)
  private let scales: (x: Scale, y: Scale)
  private let isSquare: Bool
  private var curves: [Curve] = []

  /// Creates a picture without curves.
  ///
  /// In a square picture a unit is equally long along both axes, as it has to be for a plane.
  public init(
    _ title: String, x: String, y: String, scales: (x: Scale, y: Scale) = (.linear, .linear),
    isSquare: Bool = false
  ) {
    self.title = title
    axes = (x, y)
    self.scales = scales
    self.isSquare = isSquare
  }

  /// Adds a curve or points; where a number is not finite there is a gap.
  ///
  /// - Errors: traps where there are more numbers of one kind than of the other.
  public mutating func add(_ name: String, x: [Double], y: [Double], as mark: Mark = .line) {
    precondition(
      x.count == y.count, "plot: \(name) has \(x.count) numbers along x and \(y.count) along y")
    curves.append(Curve(name: name, x: x, y: y, mark: mark))
  }

  /// Draws the picture into `path.svg` and `path.png`, and writes the numbers to `path.csv`.
  ///
  /// - Returns: the paths of the pictures.
  @discardableResult
  public func write(to path: String) throws -> [String] {
    let gnuplot = try Gnuplot()
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 1 { try makeFolder(parts.dropLast().joined(separator: "/")) }
    try table.write(to: "\(path).csv")
    try gnuplot.draw(script(data: "\(parts.last ?? "").csv"), width: 640, height: 480, into: path)
    return ["\(path).svg", "\(path).png"]
  }

  /// Two columns for each curve.
  private var table: Table {
    var table = Table(curves.flatMap { ["\($0.name): \(axes.x)", axes.y] })
    for row in 0..<(curves.map(\.x.count).max() ?? 0) {
      table.add(
        curves.flatMap { curve -> [Double?] in
          row < curve.x.count ? [curve.x[row], curve.y[row]] : [nil, nil]
        })
    }
    return table
  }

  private func script(data: String) -> String {
    var drawn = curves.enumerated().map { index, curve in
      let title = "title '\(Panel.quoted(curve.name))'"
      guard curve.isVisible else { return "keyentry with lines \(title)" }
      return "'\(data)' using \(2 * index + 1):\(2 * index + 2) skip 1"
        + " \(style(curve, index)) \(title)"
    }
    // Without anything to be seen, gnuplot wants to know of what.
    if !curves.contains(where: \.isVisible) { drawn.insert("[0:1] [0:1] 2 notitle", at: 0) }
    return """
      \(Panel.style)
      set title '\(Panel.quoted(title))'
      set xlabel '\(Panel.quoted(axes.x))'
      set ylabel '\(Panel.quoted(axes.y))'
      set format y '%g'
      \(scales.x == .logarithmic ? "set logscale x 10" : "")
      \(scales.y == .logarithmic ? "set logscale y 10" : "")
      \(isSquare ? "set size ratio -1" : "")
      set offsets graph 0.02, graph 0.02, graph 0.06, graph 0.06
      plot \(drawn.joined(separator: ", \\\n  "))
      """
  }

  private func style(_ curve: Curve, _ index: Int) -> String {
    let color = ["#0a3069", "#cf222e", "#57606a", "#1a7f37", "#8250df"][index % 5]
    let points = "pointtype \([7, 4, 2, 8, 12][index % 5]) pointsize 0.6 linecolor '\(color)'"
    return switch curve.mark {
    case .line: "with lines dashtype \(index % 5 + 1) linewidth 1.8 linecolor '\(color)'"
    case .points: "with points \(points)"
    case .markedLine: "with linespoints dashtype \(index % 5 + 1) linewidth 1.8 \(points)"
    }
  }
}
