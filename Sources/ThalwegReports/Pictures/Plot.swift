import ThalwegKernels

/// A picture of curves, points and fields, with its numbers beside it.
///
///     var plot = Plot("Energy of a pendulum", x: "time", y: "energy")
///     plot.add("forward Euler", x: times, y: growing)
///     plot.add("Verlet", x: times, y: steady)
///     try plot.write(to: "pictures/energy")    // .svg, .png, .csv, and .gp to draw it again
///
/// Curves differ by dashes and points by shapes, so that they can be told apart without colours.
///
/// A curve without a finite number is named in the key and not drawn, as that of a method that
/// diverged; a picture without curves is an empty frame.
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
    /// Numbers at equal distances.
    case linear
    /// Powers of ten at equal distances.
    case logarithmic
  }

  /// Columns of numbers that are drawn in a style; a field has a third one.
  private struct Curve {
    let name: String
    let columns: [[Double]]
    let mark: Mark?

    /// Whether there is something that can be drawn.
    var isVisible: Bool {
      (columns.first?.indices ?? 0..<0).contains { row in columns.allSatisfy { $0[row].isFinite } }
    }
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
    require(
      x.count == y.count, "plot: \(name) has \(x.count) numbers along x and \(y.count) along y")
    curves.append(Curve(name: name, columns: [x, y], mark: mark))
  }

  /// Adds a quantity over a part of the plane, the greater the darker; curves that are added later lie
  /// over it.
  ///
  /// - Shapes: `values[row][column]` at `x[column]` and `y[row]`, which are evenly spaced.
  /// - Errors: traps where there are more values in a row than along x, or more rows than along y.
  public mutating func addField(_ name: String, x: [Double], y: [Double], values: [[Double]]) {
    require(
      values.count == y.count && values.allSatisfy { $0.count == x.count },
      "plot: \(name) is not \(y.count) rows of \(x.count) numbers")
    let places = y.flatMap { y in x.map { (x: $0, y: y) } }
    curves.append(
      Curve(
        name: name, columns: [places.map(\.x), places.map(\.y), values.flatMap { $0 }], mark: nil))
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

  /// The columns of all curves beside each other.
  private var table: Table {
    let columns = curves.flatMap(\.columns)
    var table = Table(
      curves.flatMap { curve in
        ["\(curve.name): \(axes.x)", axes.y, curve.name].prefix(curve.columns.count)
      })
    for row in 0..<(columns.map(\.count).max() ?? 0) {
      table.add(columns.map { row < $0.count ? $0[row] : nil })
    }
    return table
  }

  private func script(data: String) -> String {
    var column = 1
    var drawn = curves.enumerated().map { index, curve in
      defer { column += curve.columns.count }
      guard curve.isVisible else { return "keyentry title '\(Panel.quoted(curve.name))'" }
      let columns = curve.columns.indices.map { "\(column + $0)" }.joined(separator: ":")
      // The name of a field stands beside its scale.
      let title = curve.mark == nil ? "notitle" : "title '\(Panel.quoted(curve.name))'"
      return "'\(data)' using \(columns) skip 1 \(style(curve, index)) \(title)"
    }
    // Without anything to be seen, gnuplot wants to know of what.
    if !curves.contains(where: \.isVisible) { drawn.insert("[0:1] [0:1] 2 notitle", at: 0) }
    let field = curves.last { $0.mark == nil }
    return """
      \(Panel.style)
      set title '\(Panel.quoted(title))'
      set xlabel '\(Panel.quoted(axes.x))'
      set ylabel '\(Panel.quoted(axes.y))'
      set format y '%g'
      \(scales.x == .logarithmic ? "set logscale x 10" : "")
      \(scales.y == .logarithmic ? "set logscale y 10" : "")
      \(isSquare ? "set size ratio -1" : "")
      set key maxcols \(columnsOfKey)
      \(field.map { Self.fieldStyle($0.name) } ?? Self.margins)
      plot \(drawn.joined(separator: ", \\\n  "))
      """
  }

  /// The names that have room beside each other; gnuplot takes them for shorter than they are.
  private var columnsOfKey: Int {
    let longest = curves.map(\.name.count).max() ?? 0
    return Swift.max(1, 560 / (60 + 6 * longest))
  }

  /// A little room about curves, and no more of it up to the next tic.
  private static let margins = """
    set offsets graph 0.02, graph 0.02, graph 0.06, graph 0.06
    set autoscale xfix
    set autoscale yfix
    """

  /// A field ends at the edges of the picture; white is nothing.
  private static func fieldStyle(_ name: String) -> String {
    """
    set palette defined (0 '#ffffff', 1 '#a5adb6')
    set cblabel '\(Panel.quoted(name))'
    set autoscale xfix
    set autoscale yfix
    unset grid
    """
  }

  private func style(_ curve: Curve, _ index: Int) -> String {
    let color = ["#0a3069", "#cf222e", "#57606a", "#1a7f37", "#8250df"][index % 5]
    let points = "pointtype \([7, 4, 2, 8, 12][index % 5]) pointsize 0.6 linecolor '\(color)'"
    return switch curve.mark {
    case nil: "with image"
    case .line: "with lines dashtype \(index % 5 + 1) linewidth 1.8 linecolor '\(color)'"
    case .points: "with points \(points)"
    case .markedLine: "with linespoints dashtype \(index % 5 + 1) linewidth 1.8 \(points)"
    }
  }
}
