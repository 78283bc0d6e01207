import ThalwegStability

/// The pictures that reports are drawn in, as scripts of gnuplot.
///
/// Shapes and grey tell everything apart, so that colours are not needed.
enum Panel {
  static let style = """
    set datafile separator ','
    set datafile missing ''
    set border 3 linecolor '#57606a'
    set tics nomirror textcolor '#24292f'
    set grid linecolor '#d8dee4' linetype 1
    set key tmargin center horizontal samplen 2 font ',10'
    set bars 0
    set title font ',13'
    """

  /// Eigenvalues over the region in which steps do not amplify.
  static func region(
    _ window: RegionWindow, title: String, stripes: String, values: String, hasStripes: Bool
  ) -> String {
    let (left, top) = window.axes
    var parts: [String] = []
    if hasStripes {
      parts.append(
        "'\(stripes)' using (($1+$2)/2):(($3+$4)/2):1:2:3:4 skip 1 with boxxyerror"
          + " fillstyle solid noborder linecolor '#c8ced6' title 'stable'")
    }
    parts += [
      "keyentry with lines linewidth 3 linecolor '#57606a' title 'stable on an axis'",
      "'\(values)' using 4:($6==1?$5:NaN) skip 1 with points pointtype 7 pointsize 0.6"
        + " linecolor '#0a3069' title 'hλ, not amplified'",
      "'\(values)' using 4:($6==0?$5:NaN) skip 1 with points pointtype 2 pointsize 1.0"
        + " linewidth 2 linecolor '#cf222e' title 'hλ, amplified'",
    ]
    return """
      set title '\(quoted(title))'
      set xlabel 'Re hλ'
      set ylabel 'Im hλ'
      unset logscale
      set format y '%g'
      set xtics autofreq
      set size ratio -1
      set xrange [\(window.real.lowerBound):\(window.real.upperBound)]
      set yrange [\(window.imaginary.lowerBound):\(window.imaginary.upperBound)]
      set arrow 1 from \(left),0 to 0,0 nohead linewidth 3 linecolor '#57606a' back
      set arrow 2 from 0,\(-top) to 0,\(top) nohead linewidth 3 linecolor '#57606a' back
      plot \(parts.joined(separator: ", \\\n  "))
      unset arrow
      set size noratio
      set xrange [*:*]
      set yrange [*:*]
      """
  }

  /// Real and imaginary parts of hλ from step to step, or along another axis.
  static func spectrum(
    title: String, axis: String, values: String, region: StabilityRegion
  ) -> String {
    // The points of real and imaginary parts stand beside each other.
    let (left, right) = axis == "step" ? ("($1-0.1)", "($1+0.1)") : ("1", "1")
    var parts = [
      "'\(values)' using \(left):4 skip 1 with points pointtype 7 pointsize 0.4"
        + " linecolor '#0a3069' title 'Re'",
      "'\(values)' using \(right):5 skip 1 with points pointtype 6 pointsize 0.6"
        + " linecolor '#57606a' title 'Im'",
    ]
    if shows(region.realInterval) {
      parts.append(
        "-\(region.realInterval) with lines dashtype 2 linecolor '#cf222e' title 'limit of Re'")
    }
    if shows(region.imaginaryInterval) {
      let style = "with lines dashtype 3 linecolor '#57606a'"
      parts.append("\(region.imaginaryInterval) \(style) title 'limits of Im'")
      parts.append("-\(region.imaginaryInterval) \(style) notitle")
    }
    return """
      set title '\(quoted(title))'
      set xlabel '\(axis)'
      set ylabel 'hλ'
      \(axis == "step" ? "set xtics 1" : "set xtics autofreq")
      set offsets graph 0.02, graph 0.02, graph 0.05, graph 0.05
      set autoscale xfix
      plot \(parts.joined(separator: ", \\\n  "))
      unset offsets
      set autoscale
      """
  }

  /// Whether there is an end that can be drawn.
  private static func shows(_ interval: Double) -> Bool { interval > 0.01 && interval.isFinite }

  /// A curve or several over the steps.
  static func curves(
    title: String, label: String, data: String, _ columns: [(column: Int, name: String)],
    steps: Int, isLogarithmic: Bool
  ) -> String {
    let marks = [7, 4, 2]
    let parts = columns.enumerated().map { index, curve in
      "'\(data)' using 1:\(curve.column) skip 1 with linespoints pointtype \(marks[index % 3])"
        + " pointsize 0.8 dashtype \(index + 1) linewidth 1.8"
        + " linecolor '\(["#0a3069", "#cf222e", "#57606a"][index % 3])'"
        + " title '\(quoted(curve.name))'"
    }
    return """
      set title '\(quoted(title))'
      set xlabel 'steps done'
      set ylabel '\(quoted(label))'
      set format y '%g'
      set xtics \(steps <= 16 ? "1" : "autofreq")
      set xrange [0:\(steps)]
      \(isLogarithmic ? "set logscale y 10" : "unset logscale")
      set offsets 0, 0, graph 0.06, graph 0.06
      plot \(parts.joined(separator: ", \\\n  "))
      unset logscale
      unset offsets
      set autoscale
      """
  }

  /// Text within quotes of gnuplot, without its marks for indices.
  static func quoted(_ text: String) -> String {
    text.replacing("'", with: "''").replacing("_", with: "\\_")
  }
}
