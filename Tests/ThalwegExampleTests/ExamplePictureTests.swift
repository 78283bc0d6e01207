import Foundation
import Testing
import ThalwegTestSupport

/// The pictures in the documentation are those that the examples draw.
///
/// With `THALWEG_UPDATE_PICTURES=1` in the environment all of them are drawn anew, which takes a minute or
/// two, and `THALWEG_VOWELS` has to be the folder of the series that `neural-cde` reads.
@Suite struct ExamplePictureTests {
  private static let updates =
    ProcessInfo.processInfo.environment["THALWEG_UPDATE_PICTURES"] != nil

  /// Those that take a second and train no network, so that every processor draws the same.
  ///
  /// Of the others words and colours are compared where they run quickly.
  @Test(arguments: [
    "pendulum-and-energy", "lotka-volterra", "stiff-van-der-pol", "denoising",
    "custom-integrator", "custom-operation",
  ])
  func `a stored picture is what is drawn now`(name: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thalweg-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try BuiltExample(name).run(["drawn"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let drawn = try DrawnPicture(folder.appending(path: "drawn/\(name).svg"))
    let stored = try DrawnPicture(BuiltExample(name).storedPicture)
    #expect(drawn.words == stored.words)
    // Other versions of gnuplot place things elsewhere.
    guard drawn.program == stored.program else { return }
    #expect(drawn.frame == stored.frame, "THALWEG_UPDATE_PICTURES=1 draws \(name) anew")
    // The picture is 640 units wide.
    let distance = zip(drawn.numbers, stored.numbers).map { abs($0 - $1) }.max() ?? 0
    #expect(
      distance < 1, "\(name) has moved by \(distance); THALWEG_UPDATE_PICTURES=1 draws it anew")
  }

  @Test(.enabled(if: updates, "THALWEG_UPDATE_PICTURES is not set"))
  func `all pictures are drawn anew`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thalweg-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pictures = BuiltExample("").storedPicture.deletingLastPathComponent()
    for file in try FileManager.default.contentsOfDirectory(atPath: pictures.path) {
      let name = String(file.prefix { $0 != "." })
      let data = name == "neural-cde" ? [try #require(Self.vowels)] : []
      let outcome = try BuiltExample(name).run([folder.path] + data, in: folder)
      #expect(outcome.status == 0, "\(name): \(outcome.errors)")
      try Data(contentsOf: folder.appending(path: file))
        .write(to: BuiltExample(name).storedPicture)
    }
  }

  private static let vowels = ProcessInfo.processInfo.environment["THALWEG_VOWELS"]
}
