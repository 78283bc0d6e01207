import Foundation
package import ThalwegTraining

/// Why a picture was not drawn.
public enum PictureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no gnuplot on the path.
  case noGnuplot
  /// gnuplot refused a script: what it said.
  case refused(String)

  public var description: String {
    switch self {
    case .noGnuplot:
      "pictures are drawn by gnuplot, which is not installed; on Debian or Ubuntu:"
        + " apt-get install gnuplot-nox"
    case .refused(let message): "gnuplot: \(message)"
    }
  }
}

/// The program that draws.
struct Gnuplot {
  private let program: URL

  /// Finds it on the path.
  init() throws(PictureError) {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let found = path.split(separator: ":").map { "\($0)/gnuplot" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else { throw .noGnuplot }
    program = URL(fileURLWithPath: found)
  }

  /// Draws a script into `path.svg` and `path.png`, and keeps it beside them as `path.gp`.
  ///
  /// The script reads data by names within the folder of the path.
  func draw(_ script: String, width: Int, height: Int, into path: String) throws {
    let url = URL(fileURLWithPath: path)
    let (folder, name) = (url.deletingLastPathComponent().path, url.lastPathComponent)
    let svg =
      "set terminal svg size \(width),\(height) dynamic font 'Helvetica,13' background '#ffffff'\n"
    let png =
      "set terminal pngcairo size \(width),\(height) font 'Helvetica,10' background '#ffffff'\n"
    for (ending, terminal) in [("svg", svg), ("png", png)] {
      let partial = "\(name).\(ending).partial"
      try run("\(terminal)set output '\(partial)'\n\(script)\n", in: folder)
      guard rename("\(folder)/\(partial)", "\(path).\(ending)") == 0 else {
        throw FileError(path: "\(path).\(ending)", reason: String(cString: strerror(errno)))
      }
    }
    let whole = "\(svg)set output '\(name).svg'\n\(script)\n"
    try writeAtomically(Array(whole.utf8), to: "\(path).gp")
  }

  /// Draws panels one by one and all of them on a page, two beside each other.
  ///
  /// - Returns: the paths of the pictures, the page first.
  func draw(
    _ panels: [(name: String, script: String)], page: String, into folder: String
  ) throws -> [String] {
    for (name, script) in panels {
      try draw("\(Panel.style)\n\(script)", width: 640, height: 480, into: "\(folder)/\(name)")
    }
    let rows = (panels.count + 1) / 2
    let all = panels.map(\.script).joined(separator: "\n")
    try draw(
      "\(Panel.style)\nset multiplot layout \(rows),2\n\(all)\nunset multiplot", width: 1280,
      height: 480 * rows, into: "\(folder)/\(page)")
    return ([page] + panels.map(\.name)).flatMap {
      ["\(folder)/\($0).svg", "\(folder)/\($0).png"]
    }
  }

  private func run(_ script: String, in folder: String) throws {
    let process = Process()
    process.executableURL = program
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let (input, errors) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do {
      try process.run()
      try input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
      try input.fileHandleForWriting.close()
    } catch {
      throw PictureError.refused(error.localizedDescription)
    }
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let lines = String(decoding: said, as: UTF8.self).split(separator: "\n")
      throw PictureError.refused(lines.last.map(String.init) ?? "no message")
    }
  }
}

/// Makes a folder with all folders above it.
package func makeFolder(_ path: String) throws(FileError) {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw FileError(path: path, reason: error.localizedDescription)
  }
}
