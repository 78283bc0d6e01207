import Testing
import ThalwegLaws

/// The laws that `thalweg check` measures, each a test case.
@Suite struct CatalogueTests {
  @Test(arguments: Catalogue.laws) func `every method obeys its laws`(law: Law) {
    let result = law.check()
    #expect(result.passes, "\(law): \(result.figure) is not ≤ \(result.bound); \(result.note)")
  }

  @Test func `laws have names of their own`() {
    let names = Catalogue.laws.map(\.description)
    #expect(Set(names).count == names.count)
  }

  @Test func `every tableau has order conditions, amplification and stability checked`() {
    let rungeKutta = Catalogue.laws.filter { $0.method == "rk4" }.map(\.name)
    #expect(rungeKutta.contains("order conditions"))
    #expect(rungeKutta.contains("R(z)") && rungeKutta.contains("stability interval"))
  }
}
