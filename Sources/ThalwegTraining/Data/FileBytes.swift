import Foundation

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

/// The path of the first file of a folder that is what is looked for.
func findFile(
  in folder: String, named usual: String, where isWanted: (String) -> Bool
) throws(DataError) -> String {
  let names: [String]
  do {
    names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  } catch {
    throw DataError(
      folder, found: "not a folder that can be read", expected: "the folder of the data files")
  }
  guard let name = names.first(where: isWanted) else {
    throw DataError(folder, found: "no file \(usual)", expected: "it to be in this folder")
  }
  return "\(folder)/\(name)"
}
