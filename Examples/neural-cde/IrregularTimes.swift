import ExampleSupport
import Thalweg

/// Speakers are recognised by a vowel, from series that are short or long and have gaps.
///
/// The data are JapaneseVowels of the UEA archive, as `JapaneseVowels_TRAIN.ts` and
/// `JapaneseVowels_TEST.ts` in the second folder; without one it is waves that are computed.
@main
enum IrregularTimes: Example {
  static var usage: String { "[folder of JapaneseVowels]" }

  static func run(_ options: Options) throws {
    let (training, test) = try series(in: options.data)
    let classes = Set(training.labels).sorted()
    let times = (training.series + test.series).map { $0[0].count }.max() ?? 2
    func seen(_ file: SeriesFile, missing: Double, key: UInt64) -> IrregularSeries {
      IrregularSeries(file, classes: classes, times: times - 1, missing: missing, key: key)
    }

    var model = NeuralCDE(channels: training.series[0].count + 1, width: 16, classes: classes.count)
    let misfit = compile { (model: NeuralCDE, first: Tensor, increments: Tensor, labels: Tensor) in
      try ValueAndGradient(at: model) { model in
        softmaxCrossEntropy(try model(first, increments), labels)
      }
    }
    var optimizer = Adam(learningRate: 0.01)
    let updates = options.isQuick ? 60 : 200
    for update in 0..<updates {
      optimizer.learningRate = 0.01 * (1 - Double(update) / Double(updates))
      // Other values are left out each time.
      let data = seen(training, missing: 0.3, key: UInt64(update + 10))
      let step = try misfit(model, data.first, data.increments, data.labels)
      optimizer.update(&model, along: step.gradient)
    }
    print("series", training.series.count, "and", test.series.count, "classes", classes.count)

    // How much is recognised, the more is left out of series it has not seen.
    let shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    let rates = try shares.map { share in
      let data = seen(test, missing: share, key: 1)
      return accuracy(try model(data.first, data.increments), data.labels).scalar
    }
    for index in [0, 3, 7] {
      print("missing", shares[index], "accuracy", rates[index].rounded(to: 4))
    }
    var plot = Plot("Series with missing values", x: "share left out", y: "accuracy")
    plot.add("neural CDE, trained with 0.3", x: shares, y: rates, as: .markedLine)
    plot.add("by guessing", x: shares, y: shares.map { _ in 1 / Double(classes.count) })
    try plot.write(to: "\(options.folder)/neural-cde")
  }

  static func series(
    in folder: String?
  ) throws -> (training: SeriesFile, test: SeriesFile) {
    guard let folder else {
      return (
        try SeriesFile(syntheticSeries(90, key: 1), path: "waves"),
        try SeriesFile(syntheticSeries(90, key: 2), path: "waves")
      )
    }
    let training = try SeriesFile(contentsOf: "\(folder)/JapaneseVowels_TRAIN.ts")
    let path = "\(folder)/JapaneseVowels_TEST.ts"
    let test = try SeriesFile(contentsOf: path)
    guard test.series[0].count == training.series[0].count,
      Set(test.labels).isSubset(of: training.labels)
    else {
      throw SeriesError(path: path, line: nil, problem: "channels or labels are not those of TRAIN")
    }
    return (training, test)
  }
}
