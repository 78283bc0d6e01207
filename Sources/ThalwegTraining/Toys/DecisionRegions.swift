import ThalwegKernels
public import ThalwegNetworks
import ThalwegTensors

/// What a classifier takes each point of a part of the plane for.
///
///     let window = ToyProblem.ellipses.window
///     let regions = try DecisionRegions(of: network, x: window.x, y: window.y, columns: 200, rows: 80)
///     regions.classes[row][column]
///
/// Rows go from the lower edge to the upper one, columns from left to right, and both hold the edges.
public struct DecisionRegions: Sendable {
  /// The coordinates of the columns.
  public let x: [Double]
  /// The coordinates of the rows.
  public let y: [Double]
  /// The class with the greatest probability, row by row.
  public let classes: [[Int]]
  /// That probability.
  public let probabilities: [[Double]]

  /// Asks a classifier of points of the plane.
  ///
  /// - Errors: what a flow in it throws. Traps for fewer than 2 rows or columns.
  public init<Network: Layer>(
    of network: Network, x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int = 200,
    rows: Int = 200
  ) throws {
    require(columns > 1 && rows > 1, "decision regions: \(columns) columns and \(rows) rows")
    func places(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
      (0..<count).map { index in
        range.lowerBound
          + (range.upperBound - range.lowerBound) * Double(index) / Double(count - 1)
      }
    }
    let (xs, ys) = (places(x, columns), places(y, rows))
    let points = Tensor(
      ys.flatMap { y in xs.flatMap { [$0, y] } }, shape: [rows * columns, 2],
      dtype: network.leaves.first?.dtype ?? .float32)
    let apply = compile { (network: Network, points: Tensor) in softmax(network(points)) }
    let shares = try apply(network, points)
    let (values, count) = (shares.values, shares.shape[1])
    let best = (0..<rows * columns).map { point in
      let row = values[point * count..<(point + 1) * count]
      let greatest = row.max() ?? .nan
      return (label: (row.firstIndex(of: greatest) ?? row.startIndex) - row.startIndex, greatest)
    }
    self.x = xs
    self.y = ys
    classes = (0..<rows).map { row in best[row * columns..<(row + 1) * columns].map(\.label) }
    probabilities = (0..<rows).map { row in best[row * columns..<(row + 1) * columns].map(\.1) }
  }
}
