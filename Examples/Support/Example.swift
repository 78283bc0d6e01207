import Foundation

/// A program that takes a folder for its picture, and says what is wrong in one line.
///
///     swift run -c release pendulum-and-energy pictures --quick
///
/// An example writes ``run(_:)``; reading arguments and reporting errors is done here, so that its page
/// holds what it is about.
public protocol Example {
  /// What the program takes besides the folder for the picture, such as `[data]`.
  static var usage: String { get }

  /// Computes, prints and draws.
  static func run(_ options: Options) throws
}

extension Example {
  public static var usage: String { "" }

  public static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if arguments.contains("--help") {
        print("usage: \(name) [folder for the picture] \(usage) [--quick]")
      } else {
        try run(Options(arguments))
      }
    } catch {
      FileHandle.standardError.write(Data("\(name): \(error)\n".utf8))
      exit(1)
    }
  }

  private static var name: String {
    CommandLine.arguments.first.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "example"
  }
}
