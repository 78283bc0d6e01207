import ThalwegKernels
import ThalwegStability

/// What is known of the eigenvalues of workload W5, in double precision.
struct SpectrumReference {
  /// Eigenvalues that were asked for, the outermost first, one of each pair.
  private let values: [Complex]
  /// How many eigenvalues are 0, where all were computed.
  private let zeros: Int?

  private init(_ values: [Complex], zeros: Int? = nil) {
    self.values = values
    self.zeros = zeros
  }

  /// The largest distance from an eigenvalue of the reference to the nearest one that was found,
  /// relative to the largest magnitude.
  func error(of spectrum: Spectrum) -> Double {
    let distances = values.map { value in
      spectrum.eigenvalues.map { (value - $0).magnitude }.min() ?? .infinity
    }
    let scale = values.map(\.magnitude).max() ?? 1
    let error = (distances.max() ?? 0) / scale
    guard let zeros else { return error }
    let found = spectrum.eigenvalues.count { $0.magnitude < 1e-8 }
    return found == zeros ? error : .infinity
  }

  static let all: [String: SpectrumReference] = [
    "parabolic 1 largest of 16384": .init([
      Complex(-4.5897480990941455)
    ]),
    "parabolic 20 leftmost of 16384": .init([
      Complex(-4.589748099094134),
      Complex(-4.58504768257009),
      Complex(-4.557300547481908),
      Complex(-4.540586989470287),
      Complex(-4.53230778075853),
      Complex(-4.514508903646624),
      Complex(-4.512834682982934),
      Complex(-4.503873946624413),
      Complex(-4.487628481729498),
      Complex(-4.482921408071472),
      Complex(-4.480956887338103),
      Complex(-4.476928858755974),
      Complex(-4.470175403478006),
      Complex(-4.4668766476848525),
      Complex(-4.448578969408675),
      Complex(-4.438087799293547),
      Complex(-4.436425345561601),
      Complex(-4.432648156853784),
      Complex(-4.421899159032461),
    ]),
    "free 1 largest of 16384": .init([Complex(2.8249291291542225, 0.1179993880993738)]),
    "free 20 rightmost of 16384": .init([
      Complex(2.8249291291541945, 0.11799938809937914),
      Complex(2.8153647011321623),
      Complex(2.8091084848953978, 0.06400506122601192),
      Complex(2.795696105074825),
      Complex(2.7880231867342227, 0.02583445221757492),
      Complex(2.7425663008829155),
      Complex(2.7347023544664575, 0.1430014975514255),
      Complex(2.722427839901006, 0.015387528468755936),
      Complex(2.704550337525989, 0.04366108806234113),
      Complex(2.700195566853991, 0.10184397456607937),
      Complex(2.699188168911574, 0.15507175288666475),
    ]),
    "parabolic all of 512": .init(
      [Complex(-3.82919240622736), Complex(6.666673466606377e-16)], zeros: 260),
    "parabolic all of 2048": .init(
      [Complex(-4.047417894089917), Complex(1.5909122158454146e-15)], zeros: 1016),
  ]
}
