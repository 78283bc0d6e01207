import Foundation
import ThalwegLaws

extension StandardProblem.Stepping {
  /// The number of steps where it is given, otherwise 0.
  var count: Int {
    switch self {
    case .steps(let count): count
    case .tolerance: 0
    }
  }

  /// The relative tolerance where steps follow from one.
  var relative: Double? {
    switch self {
    case .steps: nil
    case .tolerance(let relative, _): relative
    }
  }

  /// As `100 steps` or `tolerance 1e-06`.
  var words: String {
    switch self {
    case .steps(let count): "\(count) steps"
    case .tolerance(let relative, _): "tolerance \(relative)"
    }
  }
}
