import Foundation

/// Why a file cannot be written.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What went wrong.
  public let reason: String

  /// Creates an error.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): it cannot be written (\(reason))" }
}

/// Writes a file so that at any moment either what was there before or all of the new is there.
///
/// The bytes go to a file of another name beside it, are brought to the disk, and then take the
/// place of the old file in one step.
package func writeAtomically(_ bytes: [UInt8], to path: String) throws(FileError) {
  let partial = path + ".partial"
  do {
    // Where all goes well nothing of this name is left to remove.
    defer { try? FileManager.default.removeItem(atPath: partial) }
    guard FileManager.default.createFile(atPath: partial, contents: nil) else {
      throw FileError(path: path, reason: String(cString: strerror(errno)))
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
    try file.write(contentsOf: Data(bytes))
    try file.synchronize()
    try file.close()
    guard rename(partial, path) == 0 else {
      throw FileError(path: path, reason: String(cString: strerror(errno)))
    }
  } catch let error as FileError {
    throw error
  } catch {
    throw FileError(path: path, reason: error.localizedDescription)
  }
  // The new name is an entry of the folder, which has to reach the disk as well.
  let folder = open((path as NSString).deletingLastPathComponent + "/.", O_RDONLY)
  if folder >= 0 {
    fsync(folder)
    close(folder)
  }
}
