import Foundation
import Testing
import ThalwegTensors
import ThalwegTestSupport
import ThalwegTraining

@Suite struct CRC32CTests {
  // RFC 3720, B.4, whose bytes are in the order in which they are sent.
  @Test func `the published vectors`() {
    let cases: [([UInt8], UInt32)] = [
      ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
      ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
      (Array(0..<32), 0x46dd_794e), ((0..<32).map { 31 - $0 }, 0x113f_db5c),
      (Array("123456789".utf8), 0xe306_9283), ([], 0),
    ]
    for (bytes, check) in cases { #expect(CRC32C.checksum(bytes) == check) }
  }
}

@Suite struct ProtocolMessageTests {
  // The examples of protobuf.dev/programming-guides/encoding.
  @Test func `the published examples`() {
    var number = ProtocolMessage()
    number.append(1, 150)
    #expect(number.bytes == [0x08, 0x96, 0x01])
    var text = ProtocolMessage()
    text.append(2, "testing")
    #expect(text.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
    var inner = ProtocolMessage()
    inner.append(3, number)
    #expect(inner.bytes == [0x1a, 0x03, 0x08, 0x96, 0x01])
    var negative = ProtocolMessage()
    negative.append(1, -2)
    #expect(negative.bytes == [0x08, 0xfe] + [UInt8](repeating: 0xff, count: 8) + [0x01])
  }

  @Test func `numbers of fixed length have the lowest byte first`() {
    var message = ProtocolMessage()
    message.append(1, fixed: 1.0)
    message.append(2, fixed: Float(1))
    #expect(message.bytes == [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x15, 0, 0, 0x80, 0x3f])
  }
}

@Suite struct TrainingLogTests {
  private func record(_ epoch: Int, validation: Double? = nil) throws -> EpochRecord {
    var record = try #require(
      EpochRecord(row: "\(epoch),\(epoch * 7),0.05,1.5,0.25,0.125,,,,,12.5,1700000000.25"))
    record.validationAccuracy = validation
    return record
  }

  /// The messages of a file of records, whose checks are checked.
  private func messages(_ path: String) throws -> [[UInt8]] {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    func number(_ from: Int, _ count: Int) -> UInt64 {
      bytes[from..<from + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    var (found, position): ([[UInt8]], Int) = ([], 0)
    while position < bytes.count {
      let end = position + 12 + Int(number(position, 8))
      let message = Array(bytes[position + 12..<end])
      #expect(
        number(position + 8, 4)
          == UInt64(EventFile.masked(CRC32C.checksum(bytes[position..<position + 8]))))
      #expect(number(end, 4) == UInt64(EventFile.masked(CRC32C.checksum(message))))
      found.append(message)
      position = end + 4
    }
    return found
  }

  @Test func `a record is what its row is read as`() throws {
    let record = try record(3, validation: 0.75)
    #expect(EpochRecord(row: record.row) == record)
    #expect(record.row == "3,21,0.05,1.5,0.25,0.125,,0.75,,,12.5,1700000000.25")
    #expect(EpochRecord.header.split(separator: ",").count == 12)
    for row in ["", EpochRecord.header, "0,1" + String(repeating: ",1", count: 10), "1,2,3"] {
      #expect(EpochRecord(row: row) == nil)
    }
  }

  @Test func `events begin with the version and have a message for each epoch`() throws {
    let folder = try TemporaryFolder()
    var log = TrainingLog(in: folder.path, upTo: 0)
    try log.begin()
    for epoch in 1...3 { try log.append(record(epoch)) }
    let found = try messages(folder.path + "/events.out.tfevents.thalweg")
    #expect(found.count == 4)
    #expect(String(decoding: found[0].suffix(13), as: UTF8.self) == "brain.Event:2")
    // The time, the epoch as field 2, and the loss, 1.5, as a scalar of the summary.
    #expect(found[2].prefix(9).first == 0x09 && Array(found[2][9..<11]) == [0x10, 2])
    let loss: [UInt8] = [0x0a, 13] + Array("loss/training".utf8) + [0x15, 0, 0, 0xc0, 0x3f]
    #expect(
      String(decoding: found[2], as: UTF8.self).contains(String(decoding: loss, as: UTF8.self)))
  }

  @Test func `a log that is taken up has every epoch once`() throws {
    let folder = try TemporaryFolder()
    var log = TrainingLog(in: folder.path, upTo: 0)
    try log.begin()
    for epoch in 1...5 { try log.append(record(epoch)) }
    // Killed while an event was written, and with two epochs beyond the weights.
    let events = try FileHandle(
      forWritingTo: URL(fileURLWithPath: folder.path + "/events.out.tfevents.thalweg"))
    try events.truncate(atOffset: try events.seekToEnd() - 5)
    var second = TrainingLog(in: folder.path, upTo: 3)
    #expect(second.epochs.map(\.epoch) == [1, 2, 3])
    try second.begin()
    try second.append(record(4))
    #expect(try messages(folder.path + "/events.out.tfevents.thalweg").count == 5)
    let text = try String(contentsOfFile: folder.path + "/log.csv", encoding: .utf8)
    #expect(
      text.split(separator: "\n").map { $0.prefix { $0 != "," } } == ["epoch", "1", "2", "3", "4"])
  }
}
