import Foundation
import ThalwegKernels

/// The bytes of a file of data.
///
/// - Errors: where it cannot be read, is no regular file, or is longer than any that is meant.
func fileBytes(_ path: String, limit: Int = 1 << 30) throws(DataError) -> [UInt8] {
  let attributes: [FileAttributeKey: Any]
  let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  do {
    attributes = try FileManager.default.attributesOfItem(atPath: target)
  } catch {
    throw DataError(path, found: "no such file", expected: "a readable file")
  }
  guard attributes[.type] as? FileAttributeType == .typeRegular else {
    throw DataError(path, found: "not a file", expected: "a regular file")
  }
  let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
  guard size <= limit else {
    throw DataError(path, found: "\(size) bytes", expected: "at most \(limit)")
  }
  do {
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: target)))
  } catch {
    throw DataError(
      path, found: "it cannot be read (\(error.localizedDescription))",
      expected: "a readable file")
  }
}

/// The contents of a file of data, which may be compressed.
///
/// - Errors: as for the bytes of the file, and where compressed data are damaged or too long.
func plainBytes(_ path: String, limit: Int = 1 << 30) throws(DataError) -> [UInt8] {
  let bytes = try fileBytes(path, limit: limit)
  guard path.hasSuffix(".gz") || bytes.starts(with: [0x1f, 0x8b]) else { return bytes }
  do {
    return try gunzip(bytes, limit: limit)
  } catch {
    switch error {
    case .corrupt(let offset):
      throw DataError(
        path, at: .byte(offset), found: "damaged compressed data",
        expected: "a gzip file; download it again")
    case .truncated:
      throw DataError(
        path, at: .byte(bytes.count), found: "the end of the file within compressed data",
        expected: "the rest of it; download it again")
    case .tooLong(let limit):
      throw DataError(
        path, found: "more than \(limit) bytes when decompressed", expected: "at most that")
    }
  }
}

/// The names in a folder in alphabetic order.
func namesInFolder(_ folder: String) throws(DataError) -> [String] {
  do {
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  } catch {
    throw DataError(
      folder, found: "not a folder that can be read", expected: "the folder of the data files")
  }
}

/// The path of the first file of a folder that is what is looked for.
func findFile(
  in folder: String, named usual: String, where isWanted: (String) -> Bool
) throws(DataError) -> String {
  guard let name = try namesInFolder(folder).first(where: isWanted) else {
    throw DataError(folder, found: "no file \(usual)", expected: "it to be in this folder")
  }
  return "\(folder)/\(name)"
}

/// Whether there is a regular file of this name.
func isFile(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
}

/// Whether there is a folder of this name.
func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}

/// The path of a file of a folder, or of its compressed copy.
func compressible(_ name: String, in folder: String) throws(DataError) -> String {
  try findFile(in: folder, named: name) { $0 == name || $0 == name + ".gz" }
}
