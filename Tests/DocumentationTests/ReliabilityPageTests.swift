import Testing
import Thalweg

/// The code of docs/reliability.md.
@Suite struct ReliabilityPageTests {
  @Test func `a table becomes an archive`() throws {
    let table = try NumberTable(bytes: Array("t,y\n0,1\n0.5,0.6\n".utf8))
    let archive = NumPyArchive(["measured": table.tensor])
    let again = try NumPyArchive(bytes: archive.bytes)
    #expect(table.names == ["t", "y"])
    #expect(again.arrays["measured"]?.values == [0, 1, 0.5, 0.6])
  }
}
