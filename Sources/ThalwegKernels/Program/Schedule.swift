/// The order in which calls are made, those that can be cut alike gathered into regions.
///
/// A call joins a region if it needs no more of what the region computes than its own rows. What
/// stands between and has nothing to do with the region goes before it, everything else after it.
///
/// Where rows are added up, the sum depends on how they are cut, and that on the other calls of the
/// region. In a uniform schedule a sum is therefore cut by itself, as it is in any such schedule.
///
/// - Cost: linear in the calls for each region.
struct Schedule {
  enum Step {
    case call(ProgramCall)
    case region(Region)
  }

  /// Calls over a common extent, and how it is cut.
  struct Region {
    var calls: [ProgramCall]
    var extent: Int
    /// What threads take.
    var pieces: Int
    /// The rows that all calls handle before the next ones, so that they stay in cache.
    var grain: Int
  }

  var steps: [Step] = []

  /// Less work than this, in nanoseconds, is done faster than it is handed out.
  private static let worthCutting = 8000.0
  /// The work of a piece, where there is enough for many.
  private static let pieceCost = 4000.0
  /// The same, for each byte of results of which every piece has a copy that is added up later.
  private static let copyCost = 1.2
  private static let maximumPieces = 16
  /// What a grain may occupy of the second-level cache.
  private static let grainBytes = 384 << 10

  init(_ calls: [ProgramCall], isUniform: Bool = false) {
    var rest = calls[...]
    // The work that there is at most, by extent: where it is little, nothing is looked for.
    var work: [Int: Double] = [:]
    for cut in calls.compactMap(\.cut) { work[cut.extent, default: 0] += cut.cost }
    while let first = rest.popFirst() {
      guard let extent = first.cut?.extent, extent > 1,
        work[extent, default: 0] >= Self.worthCutting
      else {
        steps.append(.call(first))
        continue
      }
      if isUniform, first.isContracted {
        steps.append(Self.alone(first, extent))
        continue
      }
      var gathering = Gathering(first, extent: extent, takesSums: !isUniform)
      for call in rest { gathering.add(call) }
      let cost = gathering.members.reduce(0) { $0 + ($1.cut?.cost ?? 0) }
      if cost < Self.worthCutting {
        steps.append(.call(first))
      } else {
        steps += gathering.before.map(Step.call)
        steps.append(.region(Self.region(gathering.members, extent, cost)))
        rest = gathering.after[...]
      }
    }
  }

  /// A call cut by what is known of it alone.
  private static func alone(_ call: ProgramCall, _ extent: Int) -> Step {
    guard let cost = call.cut?.cost, cost >= worthCutting else { return .call(call) }
    var region = region([call], extent, cost)
    region.grain = (extent + region.pieces - 1) / region.pieces
    return .region(region)
  }

  private static func region(_ calls: [ProgramCall], _ extent: Int, _ cost: Double) -> Region {
    var rowBytes: [Slot: Int] = [:]
    for access in calls.flatMap(\.accesses) {
      if case .rows(_, let bytes) = access.reach {
        rowBytes[access.slot] = Swift.max(rowBytes[access.slot] ?? 0, bytes)
      }
    }
    let copies = calls.flatMap(\.accesses).reduce(0) { bytes, access in
      if case .contracted(_, let count, let dtype) = access.reach {
        return bytes + count * dtype.size
      }
      return bytes
    }
    let pieceCost = Swift.max(Self.pieceCost, Self.copyCost * Double(copies))
    let wanted = Swift.min(extent, maximumPieces, Swift.max(2, Int(cost / pieceCost)))
    // Few threads share a power of two without a rest.
    let pieces =
      wanted < maximumPieces ? 1 << (Int.bitWidth - 1 - wanted.leadingZeroBitCount) : wanted
    let fitting = grainBytes / Swift.max(1, rowBytes.values.reduce(0, +))
    let grain = Swift.max(1, Swift.min(fitting, (extent + pieces - 1) / pieces))
    return Region(calls: calls, extent: extent, pieces: pieces, grain: grain)
  }
}

/// A region while its calls are looked for.
private struct Gathering {
  let extent: Int
  private let takesSums: Bool
  private(set) var members: [ProgramCall]
  private(set) var before: [ProgramCall] = []
  private(set) var after: [ProgramCall] = []
  private var inside: [Slot: [Access]] = [:]
  private var behind: [Slot: [Access]] = [:]

  init(_ first: ProgramCall, extent: Int, takesSums: Bool) {
    self.extent = extent
    self.takesSums = takesSums
    members = [first]
    Self.note(first, in: &inside)
  }

  mutating func add(_ call: ProgramCall) {
    if isPaired(call, behind, Access.depends) {
      defer { Self.note(call, in: &behind) }
      after.append(call)
    } else if call.cut?.extent == extent, takesSums || !call.isContracted,
      !isPaired(call, inside, Access.waits)
    {
      defer { Self.note(call, in: &inside) }
      members.append(call)
    } else if isPaired(call, inside, Access.depends) {
      defer { Self.note(call, in: &behind) }
      after.append(call)
    } else {
      before.append(call)
    }
  }

  private func isPaired(
    _ call: ProgramCall, _ known: [Slot: [Access]], _ relation: (Access) -> (Access) -> Bool
  ) -> Bool {
    call.accesses.contains { access in
      (known[access.slot] ?? []).contains { relation(access)($0) }
    }
  }

  // A method of the value would copy it, and with it the dictionary that grows.
  private static func note(_ call: ProgramCall, in known: inout [Slot: [Access]]) {
    for access in call.accesses { known[access.slot, default: []].append(access) }
  }
}

extension ProgramCall {
  /// Whether rows are added up.
  fileprivate var isContracted: Bool {
    accesses.contains { access in
      if case .contracted = access.reach { return true }
      return false
    }
  }
}
