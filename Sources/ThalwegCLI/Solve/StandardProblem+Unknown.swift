import ThalwegLaws

extension StandardProblem {
  /// What is said where the problem is not solved by a method of a name.
  func noIntegrator(_ name: String) -> String {
    let isForOthers =
      !methodNames.contains(name)
      && StandardProblem.all.contains { $0.methodNames.contains(name) }
    let reason =
      isForOthers
      ? ", which is for equations of another form" : methodNames.proposal(for: name)
    return "no integrator '\(name)' for \(self.name)\(reason); known: "
      + methodNames.joined(separator: ", ")
  }
}
