import Foundation
import Testing

/// Pictures of experiments that take hours: their curves go through the numbers of the tables beside them.
@Suite struct StoredCurveTests {
  /// The corners of the curves that gnuplot drew, by their identifier and title.
  private func curves(_ name: String) throws -> [String: [(x: Double, y: Double)]] {
    let path = Repository.root.appending(path: "docs/pictures/\(name).svg")
    let svg = try String(contentsOf: path, encoding: .utf8)
    let plot = /id="gnuplot_plot_\d([a-z]?)" ><title>([^<]+)<\/title>(?s:.*?)<path [^>]*d='([^']*)'/
    var curves: [String: [(x: Double, y: Double)]] = [:]
    for match in svg.matches(of: plot) {
      // The first stroke is the sample in the legend.
      let strokes = match.3.split(separator: "M").map { stroke in
        stroke.matches(of: /([0-9.]+),([0-9.]+)/).map {
          (x: Double($0.1) ?? 0, y: Double($0.2) ?? 0)
        }
      }
      curves["\(match.1)\(match.2)"] = strokes.filter { !$0.isEmpty }.dropFirst().flatMap(\.self)
    }
    return curves
  }

  /// The rows of the first table that begins like this.
  private func table(_ path: String, _ head: String) throws -> [[String]] {
    let page = Repository.page(path)
    let begin = try #require(page.lines.firstIndex { $0.hasPrefix(head) })
    return Page(path: path, lines: Array(page.lines[begin...].prefix { $0 != "" })).tableRows
  }

  /// The largest distance of pictured numbers from a line through them, in units of the picture.
  private func distance(_ pairs: [(number: Double, place: Double)]) -> Double {
    let count = Double(pairs.count)
    let (x, y) = (
      pairs.reduce(0) { $0 + $1.number } / count, pairs.reduce(0) { $0 + $1.place } / count
    )
    let slope =
      pairs.reduce(0) { $0 + ($1.number - x) * ($1.place - y) }
      / pairs.reduce(0) { $0 + ($1.number - x) * ($1.number - x) }
    return pairs.map { abs($0.place - y - slope * ($0.number - x)) }.max() ?? .infinity
  }

  @Test func `quality over blocks`() throws {
    let curves = try curves("blocks")
    let rows = try table(
      "docs/diffusion.md", "| blocks | explicit | Du Fort-Frankel | FSI, cycles of 8 |")
    let numbers = rows.map { row in row.compactMap { Double($0) } }
    try #require(numbers.count == 5)
    var (across, up): ([(number: Double, place: Double)], [(number: Double, place: Double)]) = (
      [], []
    )
    for (column, scheme) in ["explicit", "dff", "fsi"].enumerated() {
      let curve = try #require(curves["\(scheme) network, shared"])
      try #require(curve.count == numbers.count)
      across += zip(numbers, curve).map { ($0[0], $1.x) }
      up += zip(numbers, curve).map { ($0[column + 1], $1.y) }
    }
    // Half a hundredth of a decibel is 0.3 of the picture's units.
    #expect(distance(across) < 0.02 && distance(up) < 0.35)
  }

  @Test func `accuracy under perturbations`() throws {
    let curves = try curves("robustness")
    let rows = try table("docs/networks.md", "| perturbation |")
    let strengths = [0, 0.02, 0.05, 0.1, 0.2, 0.3]
    let panels = ["none": "a", "noise": "a", "FGSM": "b", "PGD": "c"]
    var pairs: [(number: Double, place: Double)] = []
    for row in rows {
      let place = try #require(strengths.firstIndex(of: Double(row[1]) ?? -1))
      let panel = try #require(panels[row[0]])
      for (column, name) in ["hamiltonian", "parabolic", "second-order", "resnet"].enumerated() {
        let curve = try #require(curves[panel + name])
        try #require(curve.count == strengths.count)
        let accuracy = try #require(Double(row[column + 2].replacing(" %", with: "")))
        pairs.append((accuracy, curve[place].y))
      }
    }
    // Half a tenth of a percent is 0.15 of the picture's units.
    #expect(pairs.count == 32 && distance(pairs) < 0.2)
  }
}
