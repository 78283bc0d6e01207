/// The tapes of a run, by the calls that record them.
///
/// A call that records passes the number of its tapes on in a buffer, as a double; the calls that
/// read them find that number there.
struct TapeShelf {
  private struct Entry {
    var site: UInt
    var tapes: UnsafeMutableBufferPointer<Tape>
  }

  private var entries: [Entry] = []

  /// The number of the tapes of a call, one for each sample, empty.
  mutating func open(site: UInt, samples: Int) -> Int {
    let place = entries.firstIndex { $0.site == site } ?? add(site, samples)
    for index in entries[place].tapes.indices { entries[place].tapes[index].reset() }
    return place
  }

  private mutating func add(_ site: UInt, _ samples: Int) -> Int {
    let tapes = UnsafeMutableBufferPointer<Tape>.allocate(capacity: samples)
    for index in tapes.indices { tapes.initializeElement(at: index, to: Tape()) }
    entries.append(Entry(site: site, tapes: tapes))
    return entries.count - 1
  }

  /// The tapes with the number that a buffer holds.
  func tapes(numberedIn buffer: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<Tape>? {
    guard let number = buffer?.load(as: Double.self), number >= 0, number < Double(entries.count)
    else { return nil }
    return entries[Int(number)].tapes.baseAddress
  }

  /// The times at which the steps of first samples begin, and the end, by the numbers of the tapes.
  var grids: [[Double]] { entries.map { $0.tapes[0].times } }

  var bytes: Int { entries.reduce(0) { $0 + $1.tapes.reduce(0) { $0 + $1.bytes } } }

  func free() {
    for entry in entries {
      for tape in entry.tapes { tape.free() }
      entry.tapes.deallocate()
    }
  }
}
