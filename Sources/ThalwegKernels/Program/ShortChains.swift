/// The steps of a schedule, with short chains that follow one another in groups.
struct ShortChains {
  /// Chains that one function can do.
  struct Group {
    var members: [StraightLine.Member] = []
    /// Buffers that no one else touches.
    var hidden: Set<Slot> = []
    fileprivate var read: [Slot: Set<Int>] = [:]
    fileprivate var written: [Slot: Set<Int>] = [:]
    fileprivate var work = 0
  }

  /// A group, or nil for a step on its own.
  private(set) var list: [Group?] = []
  /// The step with which each begins.
  private(set) var firstSteps: [Int] = []
  private let stepCount: Int

  /// The most operations in one function.
  fileprivate static let maximumWork = 4096

  init(_ steps: [Schedule.Step], worth cost: Double, _ isTemporary: (Slot) -> Bool) {
    stepCount = steps.count
    var accesses: [Slot: Int] = [:]
    for access in steps.flatMap(\.calls).flatMap(\.accesses) {
      accesses[access.slot, default: 0] += 1
    }
    for (index, step) in steps.enumerated() {
      let member = cost > 0 ? nil : Self.member(step)
      if let member, let last = list.last, var group = last, group.takes(member) {
        group.append(member)
        list[list.count - 1] = group
        continue
      }
      var group = member.map { _ in Group() }
      if let member { group?.append(member) }
      list.append(group)
      firstSteps.append(index)
    }
    for index in list.indices where list[index] != nil {
      let calls = steps[self.steps(of: index)].flatMap(\.calls)
      var own: [Slot: Int] = [:]
      for access in calls.flatMap(\.accesses) { own[access.slot, default: 0] += 1 }
      list[index]?.hidden = Set(
        own.filter { isTemporary($0.key) && accesses[$0.key] == $0.value }.keys)
    }
  }

  func steps(of index: Int) -> Range<Int> {
    firstSteps[index]..<(index + 1 < firstSteps.count ? firstSteps[index + 1] : stepCount)
  }

  private static func member(_ step: Schedule.Step) -> StraightLine.Member? {
    guard case .call(let call) = step, let chain = call.chain else { return nil }
    let member = StraightLine.Member(chain.form, chain.dtype, overwriting: chain.overwritten)
    return member.isShort ? member : nil
  }
}

extension ShortChains.Group {
  /// Whether a chain may follow: it must not overwrite what was read or written before.
  fileprivate func takes(_ member: StraightLine.Member) -> Bool {
    guard work + member.work <= ShortChains.maximumWork else { return false }
    return member.elements(of: member.outputs).allSatisfy { slot, elements in
      elements.isDisjoint(with: read[slot] ?? []) && elements.isDisjoint(with: written[slot] ?? [])
    }
  }

  fileprivate mutating func append(_ member: StraightLine.Member) {
    members.append(member)
    work += member.work
    for (slot, elements) in member.elements(of: member.inputs) {
      read[slot, default: []].formUnion(elements)
    }
    for (slot, elements) in member.elements(of: member.outputs) {
      written[slot, default: []].formUnion(elements)
    }
  }
}

extension StraightLine.Member {
  fileprivate var work: Int { layout.count * chain.code.count }
  fileprivate var inputs: Range<Int> { 0..<chain.inputs.count }
  fileprivate var outputs: Range<Int> {
    chain.inputs.count..<chain.inputs.count + chain.outputs.count
  }

  fileprivate func elements(of views: Range<Int>) -> [Slot: Set<Int>] {
    var result: [Slot: Set<Int>] = [:]
    for view in views {
      let places = sources(of: 0..<layout.count, in: view).compactMap { $0 }
      result[layout.views[view].slot, default: []].formUnion(
        places.map { $0 + layout.views[view].offset })
    }
    return result
  }
}
