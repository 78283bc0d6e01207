import Foundation
import Testing
import ThalwegReports

/// Pictures of curves with their numbers beside them.
@Suite struct PlotTests {
  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "thalweg-plot-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func `curves are drawn, and their numbers kept`() throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var plot = Plot("It's a_title", x: "t", y: "y", scales: (.linear, .logarithmic))
    plot.add("rises", x: [0, 1, 2], y: [1, 10, 100])
    plot.add("stays", x: [0, 2], y: [3, .infinity], as: .points)
    let pictures = try plot.write(to: "\(path)/deep/curve")
    #expect(pictures == ["\(path)/deep/curve.svg", "\(path)/deep/curve.png"])
    let svg = try String(contentsOfFile: pictures[0], encoding: .utf8)
    #expect(svg.contains("It's a_title") && svg.contains("rises") && svg.contains("<path"))
    let png = try Data(contentsOf: URL(fileURLWithPath: pictures[1]))
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count > 2_000)
    let table = try String(contentsOfFile: "\(path)/deep/curve.csv", encoding: .utf8)
    #expect(
      table == """
        rises: t,y,stays: t,y
        0.0,1.0,0.0,3.0
        1.0,10.0,2.0,
        2.0,100.0,,

        """)
  }

  @Test func `a field is drawn under curves`() throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var plot = Plot("field", x: "x", y: "y", isSquare: true)
    plot.addField("height", x: [0, 1, 2], y: [5, 6], values: [[1, 2, 3], [4, 5, 6]])
    plot.add("way", x: [0, 2], y: [5, 6])
    try plot.write(to: "\(path)/field")
    let table = try String(contentsOfFile: "\(path)/field.csv", encoding: .utf8)
    #expect(
      table.split(separator: "\n") == [
        "height: x,y,height,way: x,y", "0.0,5.0,1.0,0.0,5.0", "1.0,5.0,2.0,2.0,6.0",
        "2.0,5.0,3.0,,", "0.0,6.0,4.0,,", "1.0,6.0,5.0,,", "2.0,6.0,6.0,,",
      ])
    let svg = try String(contentsOfFile: "\(path)/field.svg", encoding: .utf8)
    #expect(svg.contains("height") && svg.contains(">way</tspan>"))
  }

  @Test func `names of many curves stay within the picture`() throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var plot = Plot("energy", x: "time", y: "energy")
    for name in ["forward Euler", "Runge-Kutta 4", "symplectic Euler", "Verlet"] {
      plot.add(name, x: [0, 200], y: [1e-9, 3])
    }
    try plot.write(to: "\(path)/many")
    let svg = try String(contentsOfFile: "\(path)/many.svg", encoding: .utf8)
    // The first stroke of a curve is its sample beside the name; the picture is 640 units wide.
    let samples = svg.matches(of: /d='M[0-9.]+,[0-9.]+ L([0-9.]+),/).compactMap { Double($0.1) }
    #expect(samples.count > 4 && samples.allSatisfy { $0 < 636 }, "\(samples)")
  }

  @Test func `a picture of nothing is one`() throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var plot = Plot("empty", x: "x", y: "y", isSquare: true)
    #expect(throws: Never.self) { try plot.write(to: "\(path)/empty") }
    plot.add("diverged", x: [0, 1], y: [.nan, .infinity])
    #expect(throws: Never.self) { try plot.write(to: "\(path)/empty") }
  }

  @Test func `more numbers along one axis than along the other are refused with both`() async {
    let curve = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var plot = Plot("curve", x: "x", y: "y")
      plot.add("rises", x: [0, 1, 2], y: [0, 1])
    }
    let field = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var plot = Plot("field", x: "x", y: "y")
      plot.addField("height", x: [0, 1], y: [0, 1, 2], values: [[0, 1], [0, 1]])
    }
    let messages = [curve, field].map {
      String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self)
    }
    #expect(messages[0].contains("plot: rises has 3 numbers along x and 2 along y"))
    #expect(messages[1].contains("plot: height is not 3 rows of 2 numbers"))
  }

  @Test func `what cannot be written is an error with its path`() {
    var plot = Plot("nowhere", x: "x", y: "y")
    plot.add("a", x: [1], y: [1])
    #expect(throws: (any Error).self) { try plot.write(to: "/proc/none/plot") }
  }
}
