import Foundation
import Testing

/// The pictures of the benchmarks show the numbers of their page.
@Suite struct BenchmarkPictureTests {
  private static let page = Repository.page("docs/benchmarks.md")

  private func picture(_ name: String) throws -> String {
    try String(
      contentsOf: Repository.root.appending(path: "docs/pictures/\(name).svg"), encoding: .utf8)
  }

  @Test func `each bar has the number of its row`() throws {
    // A bar is its name and its number, one text behind the other.
    let texts = try picture("benchmarks").matches(of: /<text[^>]*>([^<]*)</).map { String($0.1) }
    let bars = Set(zip(texts, texts.dropFirst()).map { "\($0) \($1)" })
    var count = 0
    for line in Self.page.lines {
      guard let row = line.firstMatch(of: /^\| ([^|]+) \|.*\| \*\*([\d.,]+×)\*\* \|$/) else {
        continue
      }
      let isDrawn = bars.contains("\(row.1) \(row.2)")
      #expect(isDrawn, "\(row.1): the page has \(row.2)")
      count += 1
    }
    #expect(count > 25, "\(count) rows")
  }

  @Test func `work over precision has two points for each tolerance`() throws {
    let lines = Self.page.lines
    let start = try #require(lines.firstIndex { $0.contains("| evaluations saved |") })
    let rows = lines[(start + 2)...].prefix { $0.hasPrefix("|") }.count
    let points = try picture("work-precision").components(separatedBy: "<circle").count - 1
    #expect(rows > 10 && points >= 2 * rows, "\(points) points of \(rows) rows")
  }
}
