/// Loss and gradient of workload W4, by forward sensitivities of an implicit multistep code with a
/// tolerance of 1e-13.
struct BrusselatorReference {
  let loss: Double
  /// By the two coefficients of diffusion.
  let gradient: [Double]

  /// By the number of cells.
  static let all: [Int: BrusselatorReference] = [
    128: .init(loss: 3.178717182994857, gradient: [35.468783879856154, -62.88299413201359]),
    1024: .init(loss: 3.174041697565596, gradient: [35.22985950819072, -62.45582567705259]),
    8192: .init(loss: 3.1734651599368053, gradient: [35.199811510979565, -62.40249968333349]),
  ]
}
