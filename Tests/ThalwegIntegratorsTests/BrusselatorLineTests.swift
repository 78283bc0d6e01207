import Foundation
import Testing
import Thalweg
import ThalwegLaws

@Suite struct BrusselatorLineTests {
  /// The semi-discrete solution at every eighth of the line, by an implicit multistep code with a
  /// relative tolerance of 1e-13.
  private static let probes: [Int: (u: [Double], v: [Double])] = [
    128: (
      [
        0.979906933062042, 0.6926952137193523, 0.5219357204050794, 0.44846536949042626,
        0.42988083781579267, 0.45141636736238916, 0.529992448762477, 0.708598903671378,
      ],
      [
        3.025336985477631, 3.385782557655123, 3.590674050590599, 3.6685627703461883,
        3.688329655437188, 3.6744919334734636, 3.5938934781978173, 3.374889599047618,
      ]
    ),
    1024: (
      [
        0.9974706276492623, 0.7040405974624155, 0.526692230962161, 0.4498919242942619,
        0.4298558523397858, 0.45051367419948546, 0.5283684939886769, 0.7069817783691981,
      ],
      [
        3.00318925505119, 3.371680632566991, 3.5852330845831677, 3.6671097306563407,
        3.6881558311940377, 3.675171003612805, 3.5956745467910936, 3.376899219077219,
      ]
    ),
    8192: (
      [
        0.9996835571612467, 0.7054872195904354, 0.527301848732883, 0.4500760650981038,
        0.4298550913610591, 0.4504016468028053, 0.5281638822807062, 0.7067753183818448,
      ],
      [
        3.000398998484806, 3.3698842811951875, 3.584539238139889, 3.6669284049380138,
        3.688139109780528, 3.6752623069739525, 3.5959061413656426, 3.3771607102683614,
      ]
    ),
  ]

  @Test(arguments: [128, 1024, 8192])
  func `the reference goes through the probes`(cells: Int) throws {
    let values = try #require(BrusselatorLine(cells: cells).reference)
    let probes = try #require(Self.probes[cells])
    #expect(values.count == 2 * cells)
    for k in 0..<8 {
      #expect(abs(values[cells * k / 8] - probes.u[k]) < 1e-11)
      #expect(abs(values[cells + cells * k / 8] - probes.v[k]) < 1e-11)
    }
  }

  @Test func `other lines have no reference`() {
    #expect(BrusselatorLine(cells: 100).reference == nil)
  }

  @Test(arguments: [1, 2, 5])
  func `the dynamics are the equations, point by point`(cells: Int) {
    let line = BrusselatorLine(cells: cells)
    let u = (0..<cells).map { 1.3 + Foundation.sin(Double($0) * 2.1) }
    let v = (0..<cells).map { 2.1 + Foundation.cos(Double($0) * 3.4) }
    func curvature(_ row: [Double], _ i: Int, _ end: Double) -> Double {
      let left = i == 0 ? end : row[i - 1]
      let right = i == cells - 1 ? end : row[i + 1]
      return Double((cells + 1) * (cells + 1)) * (left - 2 * row[i] + right) / 50
    }
    var expected = [Double](repeating: 0, count: 2 * cells)
    for i in 0..<cells {
      let growth = u[i] * u[i] * v[i]
      expected[i] = 1 + growth - 4 * u[i] + curvature(u, i, 1)
      expected[cells + i] = 3 * u[i] - growth + curvature(v, i, 3)
    }
    let slope = line.dynamics(0, Tensor(u + v, shape: [2, cells]))
    #expect(slope.shape == [2, cells])
    for (a, b) in zip(slope.values, expected) { #expect(abs(a - b) < 1e-12) }
  }

  @Test func `the start is a wave and a constant`() {
    let start = BrusselatorLine(cells: 3).start
    #expect(start.shape == [2, 3])
    for (a, b) in zip(start.values, [2.0, 1, 0, 3, 3, 3]) { #expect(abs(a - b) < 1e-15) }
  }
}
