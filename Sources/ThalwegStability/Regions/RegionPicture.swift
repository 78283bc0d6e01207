import ThalwegKernels

extension StabilityRegion {
  /// The region as a picture in Scalable Vector Graphics, with the values hλ of a spectrum in it.
  ///
  ///     let picture = StabilityRegion(of: .classic).picture(of: spectrum, step: 0.1)
  ///
  /// The region is grey; values inside are full dots, and those that amplify are crosses, so that the
  /// picture can be read without colours.
  public func picture(of spectrum: Spectrum? = nil, step: Double = 1) -> String {
    let values = spectrum?.cleaned.map { $0 * Complex(step) } ?? []
    return RegionPicture(self, values, step: spectrum == nil ? nil : step).svg
  }
}

/// A region on paper.
private struct RegionPicture {
  private let region: StabilityRegion
  private let values: [Complex]
  private let title: String
  private let real: ClosedRange<Double>
  private let imaginary: ClosedRange<Double>
  /// Pixels for a unit.
  private let scale: Double
  private static let side = 420.0
  private static let border = 48.0

  init(_ region: StabilityRegion, _ values: [Complex], step: Double?) {
    self.region = region
    self.values = values
    title = step.map { "\(region.name), h = \($0)" } ?? region.name
    let directions = (0..<48).map {
      Complex(magnitude: 1, angle: 2 * Double.pi * Double($0) / 48)
    }
    let farthest = values.map(\.magnitude).max() ?? 0
    let edges = directions.map { direction in
      direction * Complex(Swift.min(region.reach(along: direction), Swift.max(30, farthest)))
    }
    // A region without end is shown as far as there is something to see in it.
    let finite = edges.filter { $0.magnitude < 29 } + values
    let shown = finite.isEmpty ? edges : finite
    real = Self.range(shown.map(\.real))
    let height = Self.range(shown.map(\.imaginary.magnitude)).upperBound
    imaginary = -height...height
    scale = Self.side / Swift.max(real.upperBound - real.lowerBound, 2 * height)
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    let (low, high) = (Swift.min(values.min() ?? 0, 0), Swift.max(values.max() ?? 0, 0))
    let margin = Swift.max(0.12 * (high - low), 0.4)
    return low - margin...high + margin
  }

  private var width: Double { scale * (real.upperBound - real.lowerBound) + 2 * Self.border }
  private var height: Double { scale * 2 * imaginary.upperBound + 2 * Self.border }

  private func place(_ z: Complex) -> (x: String, y: String) {
    let x = Self.border + scale * (z.real - real.lowerBound)
    return (number(x), number(Self.border + scale * (imaginary.upperBound - z.imaginary)))
  }

  var svg: String {
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" \
      width="\(number(width))" height="\(number(height))" font-family="system-ui, sans-serif" \
      font-size="12">
      <rect width="100%" height="100%" fill="#ffffff"/>
      """
    let heading = """
      <text x="\(number(Self.border))" y="24" font-weight="600">\(title)</text>
      """
    let lines = [head, area, segments, axes, ticks] + values.map(mark) + [heading, "</svg>", ""]
    return lines.joined(separator: "\n")
  }

  // MARK: - Pieces

  /// Rows of the region, each a few rectangles.
  private var area: String {
    let rows = 200
    let size = 2 * imaginary.upperBound / Double(rows)
    let columns = Int(((real.upperBound - real.lowerBound) / size).rounded(.up))
    var path = ""
    for row in 0..<rows {
      let y = imaginary.lowerBound + (Double(row) + 0.5) * size
      var first: Int?
      for column in 0...columns {
        let x = real.lowerBound + (Double(column) + 0.5) * size
        let isInside = column < columns && region.contains(Complex(x, y))
        if isInside, first == nil { first = column }
        guard !isInside, let start = first else { continue }
        let corner = place(Complex(real.lowerBound + Double(start) * size, y + size / 2))
        let length = number(scale * size * Double(column - start))
        path += "M\(corner.x) \(corner.y)h\(length)v\(number(scale * size))h-\(length)z"
        first = nil
      }
    }
    return "<path d=\"\(path)\" fill=\"#c8ced6\"/>"
  }

  /// The stable parts of the axes, which may be all there is.
  private var segments: String {
    let ends = [
      (Complex(-Swift.min(region.realInterval, -real.lowerBound)), Complex(0)),
      (
        Complex(0, -Swift.min(region.imaginaryInterval, imaginary.upperBound)),
        Complex(0, Swift.min(region.imaginaryInterval, imaginary.upperBound))
      ),
    ]
    return ends.map { line(from: $0.0, to: $0.1, "stroke=\"#57606a\" stroke-width=\"3\"") }
      .joined(separator: "\n")
  }

  private var axes: String {
    let style = "stroke=\"#24292f\" stroke-width=\"0.8\""
    return [
      line(from: Complex(real.lowerBound), to: Complex(real.upperBound), style),
      line(from: Complex(0, imaginary.lowerBound), to: Complex(0, imaginary.upperBound), style),
    ].joined(separator: "\n")
  }

  private var ticks: String {
    let span = Swift.max(real.upperBound - real.lowerBound, 2 * imaginary.upperBound)
    let spacing = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].first { span / $0 <= 9 } ?? span / 5
    func marks(_ range: ClosedRange<Double>) -> [Double] {
      let (first, last) = (range.lowerBound / spacing, range.upperBound / spacing)
      return (Int(first.rounded(.up))...Int(last.rounded(.down))).map { Double($0) * spacing }
    }
    let below = marks(real).map { x in
      let (left, _) = place(Complex(x))
      return "<text x=\"\(left)\" y=\"\(number(height - 20))\" text-anchor=\"middle\">"
        + "\(number(x))</text>"
    }
    let beside = marks(imaginary).map { y in
      let (_, top) = place(Complex(0, y))
      return "<text x=\"40\" y=\"\(top)\" text-anchor=\"end\">\(number(y))i</text>"
    }
    return (below + beside).joined(separator: "\n")
  }

  private func mark(_ z: Complex) -> String {
    guard !region.contains(z) else {
      let (x, y) = place(z)
      return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"2.6\" fill=\"#0550ae\"/>"
    }
    let size = 4 / scale
    let style = "stroke=\"#cf222e\" stroke-width=\"1.8\""
    let (a, b) = (Complex(size, size), Complex(size, -size))
    return line(from: z - a, to: z + a, style) + line(from: z - b, to: z + b, style)
  }

  private func line(from start: Complex, to end: Complex, _ style: String) -> String {
    let (a, b) = (place(start), place(end))
    return "<line x1=\"\(a.x)\" y1=\"\(a.y)\" x2=\"\(b.x)\" y2=\"\(b.y)\" \(style)/>"
  }
}

/// A tenth of a unit is finer than the eye.
private func number(_ value: Double) -> String {
  let rounded = (value * 10).rounded() / 10
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}
