import ThalwegTestSupport

/// Changes valid files into others, the same ones for the same seed.
struct Mutator {
  private let seeds: [[UInt8]]
  private let words: [[UInt8]]
  private var random: SplitMix64

  /// Bytes at which lengths and signs turn over.
  private static let edges: [UInt8] = [0, 1, 0x7f, 0x80, 0xfe, 0xff, 0x20, 0x0a]

  init(_ format: FuzzFormat, seed: UInt64) {
    seeds = format.seeds
    words = format.words.map { Array($0.utf8) }
    random = SplitMix64(seed: seed)
  }

  /// The next file, of one to eight changes.
  mutating func next() -> [UInt8] {
    var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    for _ in 0..<Int.random(in: 1...8, using: &random) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = [.random(in: 0...255, using: &random)]
      return
    }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let end = Swift.min(bytes.count, place + Int.random(in: 1...16, using: &random))
    switch Int.random(in: 0..<9, using: &random) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[place] = .random(in: 0...255, using: &random)
    case 2: bytes[place] = Self.edges[Int.random(in: 0..<Self.edges.count, using: &random)]
    case 3:
      // A field of four or eight bytes at the end of its range.
      let count = Swift.min(bytes.count - place, Bool.random(using: &random) ? 4 : 8)
      let value: UInt8 = Bool.random(using: &random) ? 0xff : 0
      for i in 0..<count { bytes[place + i] = value }
    case 4: bytes.removeSubrange(place..<end)
    case 5: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 6: bytes.removeSubrange(place...)
    case 7: splice(&bytes, at: place)
    default:
      guard !words.isEmpty else {
        bytes[place] &+= 1
        return
      }
      let word = words[Int.random(in: 0..<words.count, using: &random)]
      bytes.replaceSubrange(place..<end, with: word)
    }
  }

  /// Goes on with the end of another file.
  private mutating func splice(_ bytes: inout [UInt8], at place: Int) {
    let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    bytes = bytes[..<place] + other.suffix(Int.random(in: 0...other.count, using: &random))
  }
}
