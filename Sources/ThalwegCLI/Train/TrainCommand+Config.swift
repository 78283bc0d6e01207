import ThalwegTraining

extension TrainCommand {
  /// A flag that is kept with the weights: where its value is, unless another has set it.
  private struct Flag {
    let name: String
    /// Takes a value where there is none yet; false where it is of the wrong kind.
    let fill: (inout TrainCommand, JSON) -> Bool

    init<Value>(
      _ name: String, _ path: WritableKeyPath<TrainCommand, Value?>,
      _ read: @escaping (JSON) -> Value?
    ) {
      self.name = name
      fill = { command, json in
        guard let value = read(json) else { return false }
        if command[keyPath: path] == nil { command[keyPath: path] = value }
        return true
      }
    }

    static func word(_ name: String, _ path: WritableKeyPath<TrainCommand, String?>) -> Flag {
      Flag(name, path, \.text)
    }

    static func count(_ name: String, _ path: WritableKeyPath<TrainCommand, Int?>) -> Flag {
      Flag(name, path, \.wholeNumber)
    }

    static func number(_ name: String, _ path: WritableKeyPath<TrainCommand, Double?>) -> Flag {
      Flag(name, path, \.value)
    }
  }

  /// The flags that are kept with the weights.
  private static var flags: [Flag] {
    [
      .word("data", \.data), .word("preset", \.preset), .word("network", \.network),
      .word("integrator", \.integrator),
      .word("adjoint", \.adjoint), .count("steps", \.steps), .count("channels", \.channels),
      .number("span", \.span), .word("weights", \.weights), .word("boundary", \.boundary),
      .word("activation", \.activation), .word("normalization", \.normalization),
      .word("arithmetic", \.arithmetic), .number("project", \.project),
      .number("smoothness", \.smoothness), .word("roughness", \.roughness),
      .number("decay", \.decay), .number("box", \.box),
      .count("images", \.images), .count("epochs", \.epochs), .count("batch", \.batch),
      .word("optimizer", \.optimizer),
      .number("learning-rate", \.learningRate), .word("schedule", \.schedule),
      .number("momentum", \.momentum), .number("weight-decay", \.weightDecay),
      .number("clip", \.clip), .word("augment", \.augment),
      Flag("standardize", \.standardize) { json in
        if case .boolean(let value) = json { return value }
        return nil
      },
      .number("validation", \.validation), .count("patience", \.patience),
      .number("until-loss", \.untilLoss),
      Flag("seed", \.seed) { json in
        json.text.flatMap { UInt64($0) } ?? json.wholeNumber.flatMap { UInt64(exactly: $0) }
      },
    ]
  }

  /// The command without a flag.
  static func blank() throws -> TrainCommand { try TrainCommand.parse([]) }

  /// Takes the flags that are not given from what is kept with the weights; null is not given.
  mutating func fill(from json: JSON, path: String) throws {
    guard case .object(let members) = json else {
      throw Failure("\(path): its settings are no object of flags by name", status: 65)
    }
    for member in members {
      guard let flag = Self.flags.first(where: { $0.name == member.name }) else {
        throw Failure("\(path): its setting '\(member.name)' is not known", status: 65)
      }
      guard member.value == .null || flag.fill(&self, member.value) else {
        throw Failure(
          "\(path): its setting '\(member.name)' cannot be \(member.value)", status: 65)
      }
    }
  }
}
