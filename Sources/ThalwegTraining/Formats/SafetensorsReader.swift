import ThalwegKernels
import ThalwegTensors

/// What the bytes of a safetensors file hold, checked.
struct SafetensorsReader {
  private(set) var tensors: [String: Tensor] = [:]
  private(set) var metadata: [String: String] = [:]

  /// A tensor of the header.
  private struct Entry {
    let name: String
    let shape: Shape
    let dtype: DType
    let range: Range<Int>
  }

  init(bytes: [UInt8], path: String) throws(SafetensorsError) {
    guard bytes.count >= 8 else {
      throw SafetensorsError(path, .headerLength(0, fileSize: bytes.count))
    }
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Safetensors.headerLimit), length <= UInt64(bytes.count - 8) else {
      throw SafetensorsError(path, .headerLength(length, fileSize: bytes.count))
    }
    let end = 8 + Int(length)
    let entries = try readHeader(Array(bytes[8..<end]), path)
    let size = bytes.count - end
    var position = 0
    // Tensors without elements stand before the one that begins at the same place.
    let inOrder = entries.sorted { a, b in
      (a.range.lowerBound, a.range.upperBound) < (b.range.lowerBound, b.range.upperBound)
    }
    for entry in inOrder {
      guard entry.range.lowerBound == position else {
        throw SafetensorsError(
          path,
          .entry(
            entry.name,
            "its data begin at byte \(entry.range.lowerBound); expected \(position), where those"
              + " before end"))
      }
      position = entry.range.upperBound
    }
    guard position == size else {
      throw SafetensorsError(path, .dataLength(found: size, expected: position))
    }
    for entry in entries {
      let part = bytes[(end + entry.range.lowerBound)..<(end + entry.range.upperBound)]
      let storage = Storage(bytes: part, dtype: entry.dtype)
      tensors[entry.name] = Tensor(storage, filling: entry.shape)
    }
  }

  private mutating func readHeader(
    _ header: [UInt8], _ path: String
  ) throws(SafetensorsError) -> [Entry] {
    let json: JSON
    do {
      json = try JSON(parsing: header)
    } catch {
      throw SafetensorsError(path, .header(offset: 8 + error.offset, error.reason))
    }
    guard case .object(let members) = json, header.first == UInt8(ascii: "{") else {
      throw SafetensorsError(path, .header(offset: 8, "it is no object"))
    }
    var entries: [Entry] = []
    for member in members {
      do {
        if member.name == "__metadata__" {
          metadata = try Self.metadata(member.value)
        } else {
          entries.append(try Self.entry(member))
        }
      } catch {
        throw SafetensorsError(path, .entry(member.name, error.text))
      }
    }
    return entries
  }

  /// What is wrong with an entry.
  private struct Fault: Error {
    let text: String
  }

  private static func metadata(_ value: JSON) throws(Fault) -> [String: String] {
    guard case .object(let members) = value else { throw Fault(text: "it is no object") }
    var words: [String: String] = [:]
    for member in members {
      guard let text = member.value.text else {
        throw Fault(text: "'\(member.name)' is \(member.value); expected a string")
      }
      words[member.name] = text
    }
    return words
  }

  private static func entry(_ member: JSON.Member) throws(Fault) -> Entry {
    let types: [String: DType] = ["F32": .float32, "F64": .float64]
    guard case .object(let fields) = member.value,
      Set(fields.map(\.name)) == ["dtype", "shape", "data_offsets"]
    else { throw Fault(text: "expected an object of dtype, shape and data_offsets") }
    guard let name = member.value["dtype"]?.text, let dtype = types[name] else {
      throw Fault(
        text: "its numbers are \(member.value["dtype"] ?? .null); expected \"F32\" or \"F64\"")
    }
    let lengths = try wholeNumbers(member.value["shape"], "shape")
    guard lengths.count <= Shape.maximumRank else {
      throw Fault(text: "\(lengths.count) axes; expected at most \(Shape.maximumRank)")
    }
    let offsets = try wholeNumbers(member.value["data_offsets"], "data_offsets")
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw Fault(text: "data_offsets \(offsets); expected beginning and end")
    }
    var size = dtype.size
    for length in lengths {
      // Lengths beside a 0 are bounded too: strides are products of them.
      let (product, overflow) = size.multipliedReportingOverflow(by: Swift.max(length, 1))
      guard !overflow else { throw Fault(text: "shape \(lengths) is too large") }
      size = product
    }
    if lengths.contains(0) { size = 0 }
    guard offsets[1] - offsets[0] == size else {
      throw Fault(
        text: "\(offsets[1] - offsets[0]) bytes; expected \(size) for \(name) of shape \(lengths)")
    }
    return Entry(
      name: member.name, shape: Shape(lengths), dtype: dtype, range: offsets[0]..<offsets[1])
  }

  private static func wholeNumbers(_ value: JSON?, _ name: String) throws(Fault) -> [Int] {
    guard case .array(let values) = value else { throw Fault(text: "\(name) is no array") }
    var numbers: [Int] = []
    for value in values {
      guard let number = value.wholeNumber, number >= 0 else {
        throw Fault(text: "\(name) has \(value); expected whole numbers from 0")
      }
      numbers.append(number)
    }
    return numbers
  }
}
