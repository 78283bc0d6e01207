/// One configuration of a workload, by one way of computing it.
struct BenchCase: Sendable {
  /// The workload, as `W2`.
  let workload: String
  /// The question, which all systems answer, as `leapfrog 32x32x32 N=4`.
  let config: String
  /// How it is answered here, as `reversible`; empty where there is one way.
  let variant: String
  private let work: @Sendable (BenchCase, BenchSettings) throws -> [BenchRecord]

  init(
    _ workload: String, _ config: String, _ variant: String = "",
    work: @escaping @Sendable (BenchCase, BenchSettings) throws -> [BenchRecord]
  ) {
    self.workload = workload
    self.config = config
    self.variant = variant
    self.work = work
  }

  /// Measures it.
  func measure(_ settings: BenchSettings) throws -> [BenchRecord] { try work(self, settings) }

  /// What a filter is compared with.
  var name: String { variant.isEmpty ? config : "\(config), \(variant)" }

  /// The cases that a filter lets through: the one of just this name, or all that contain it.
  ///
  /// One name may contain another, as `batch=128` contains `batch=1`.
  static func filtered(_ cases: [BenchCase], by filter: String?) -> [BenchCase] {
    guard let filter, !filter.isEmpty else { return cases }
    let exact = cases.filter { $0.name == filter }
    return exact.isEmpty ? cases.filter { $0.name.contains(filter) } : exact
  }
}
