import Foundation
import ThalwegKernels
import ThalwegStability

/// The part of the plane of z = hλ that a picture shows.
struct RegionWindow {
  let real: ClosedRange<Double>
  let imaginary: ClosedRange<Double>
  private let region: StabilityRegion

  /// The window around a region and values.
  init(_ region: StabilityRegion, around values: [Complex]) {
    self.region = region
    let directions = (0..<48).map { Complex(magnitude: 1, angle: Double.pi * Double($0) / 24) }
    let farthest = values.map(\.magnitude).max() ?? 0
    // A region without end is shown as far as there is something to see in it.
    let edges = directions.map { direction in
      direction * Complex(Swift.min(region.reach(along: direction), Swift.max(6, 1.2 * farthest)))
    }
    let shown = edges + values
    let low = Swift.min(shown.map(\.real).min() ?? 0, -0.5)
    let high = Swift.max(shown.map(\.real).max() ?? 0, 0.3)
    let height = Swift.max(shown.map(\.imaginary.magnitude).max() ?? 0, 0.6)
    imaginary = -1.12 * height...1.12 * height
    // Units are alike on both axes: a picture must not become a thread.
    let missing = Swift.max(0, 1.2 * height - (high - low)) / 2
    let margin = 0.08 * (high - low) + missing
    real = (low - margin)...(high + margin)
  }

  /// Stripes of the region, each as left, right, bottom and top.
  var stripes: Table {
    var table = Table(["left", "right", "bottom", "top"])
    let rows = 160
    let size = (imaginary.upperBound - imaginary.lowerBound) / Double(rows)
    let width = (real.upperBound - real.lowerBound) / 240
    for row in 0..<rows {
      let y = imaginary.lowerBound + (Double(row) + 0.5) * size
      var first: Double?
      for column in 0...240 {
        let x = real.lowerBound + (Double(column) + 0.5) * width
        let isInside = column < 240 && region.contains(Complex(x, y))
        if isInside, first == nil { first = x - width / 2 }
        guard !isInside, let start = first else { continue }
        // A little overlap, so that no lines show between stripes.
        table.add([start, x - width / 2, y - 0.5 * size, y + 0.95 * size])
        first = nil
      }
    }
    return table
  }

  /// The ends of the stable parts of both axes.
  var axes: (real: Double, imaginary: Double) {
    (
      Swift.max(-region.realInterval, real.lowerBound),
      Swift.min(region.imaginaryInterval, imaginary.upperBound)
    )
  }
}
