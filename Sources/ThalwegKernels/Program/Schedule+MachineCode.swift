import CThalwegKernels

extension Schedule {
  /// Translates chains to machine code, those that take so many nanoseconds without.
  ///
  /// Short chains that follow one another become one call. Returns the code, and the buffers that
  /// are not needed any more.
  mutating func compileChains(
    worth cost: Double, isTemporary: (Slot) -> Bool
  ) -> (memory: ExecutableMemory?, unused: [Slot]) {
    var code = MachineCode()
    let short = ShortChains(steps, worth: cost, isTemporary)
    var groups: [Int: (entry: Int, unused: Set<Slot>)] = [:]
    var entries: [Int: [Int?]] = [:]
    for (index, group) in short.list.enumerated() {
      let range = short.steps(of: index)
      if let group { groups[index] = code.add(group.members, hiding: group.hidden) }
      if groups[index] == nil {
        for step in range { entries[step] = steps[step].calls.map { code.add($0, worth: cost) } }
      }
    }
    guard let memory = code.finish().memory else { return (nil, []) }
    var result: [Step] = []
    var unused: [Slot] = []
    for index in short.list.indices {
      let range = short.steps(of: index)
      if let (entry, spared) = groups[index] {
        let calls = steps[range].flatMap(\.calls)
        result.append(.call(ProgramCall(calls, without: spared, memory, at: entry)))
        unused += calls.compactMap { $0.chain?.scratch } + spared
      } else {
        result += range.map { steps[$0].running(memory, entries[$0] ?? [], &unused) }
      }
    }
    steps = result
    return (memory, unused)
  }
}

extension Schedule.Step {
  var calls: [ProgramCall] {
    switch self {
    case .call(let call): [call]
    case .region(let region): region.calls
    }
  }

  /// The step with the calls that were translated at these places of the code.
  fileprivate func running(
    _ memory: ExecutableMemory, _ entries: [Int?], _ unused: inout [Slot]
  ) -> Schedule.Step {
    let calls = zip(calls, entries).map { call, entry in
      guard let entry, let chain = call.chain else { return call }
      unused.append(chain.scratch)
      var call = call
      call.kernel = memory.kernel(at: entry)
      call.accesses.removeAll { $0.slot == chain.scratch }
      return call
    }
    switch self {
    case .call: return .call(calls[0])
    case .region(var region):
      region.calls = calls
      return .region(region)
    }
  }
}

extension MachineCode {
  fileprivate mutating func add(_ call: ProgramCall, worth cost: Double) -> Int? {
    guard let chain = call.chain, (call.cut?.cost ?? 0) >= cost else { return nil }
    return add(chain.form, chain.dtype, overwriting: chain.overwritten)
  }
}

extension ExecutableMemory {
  fileprivate func kernel(at entry: Int) -> tw_kernel {
    unsafeBitCast(base + entry, to: tw_kernel.self)
  }
}

extension ProgramCall {
  /// Chains that one function does.
  fileprivate init(
    _ calls: [ProgramCall], without spared: Set<Slot>, _ memory: ExecutableMemory, at entry: Int
  ) {
    let gone = spared.union(calls.compactMap { $0.chain?.scratch })
    self.init(
      kernel: memory.kernel(at: entry), arguments: calls[0].arguments,
      accesses: calls.flatMap(\.accesses).filter { !gone.contains($0.slot) }, cut: nil,
      labels: calls.flatMap(\.labels))
  }
}
