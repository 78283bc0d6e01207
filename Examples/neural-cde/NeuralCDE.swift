import Thalweg

/// A neural controlled differential equation: a hidden state that is moved by the changes of a series.
///
///     dz = F(z) dX,  z(0) = encoder(X(0)),  classes = classifier(z(end))
struct NeuralCDE: TensorTree {
  var encoder: Dense
  var hidden: Dense
  var output: Dense
  var classifier: Dense
  static let branches = Branches(\NeuralCDE.encoder, \.hidden, \.output, \.classifier)

  init(channels: Int, width: Int, classes: Int) {
    encoder = Dense(channels, width, seed: 1)
    hidden = Dense(width, 48, seed: 2)
    output = Dense(48, width * channels, seed: 3)
    classifier = Dense(width, classes, seed: 4)
  }

  /// The logits for each series, `[series, classes]`.
  func callAsFunction(_ first: Tensor, _ increments: Tensor) throws -> Tensor {
    let (times, channels) = (increments.shape[0], increments.shape[2])
    let field = ODE(hidden, output, increments) { t, z, hidden, output, increments in
      // From time k to k + 1 a path goes by the k-th increment.
      let change = increments.gathered(at: floor(t).expanded(at: 0))[0]
      let matrix = tanh(output(tanh(hidden(z))))
        .reshaped(to: [z.shape[0], z.shape[1], channels])
      return sum(matrix * change.expanded(at: 1), over: [2])
    }
    // One step for each time. The stages of this method lie within the step, where nothing jumps.
    let flow = Flow(field, over: 0...Double(times), steps: times, using: RungeKutta(.midpoint))
    return classifier(try flow(tanh(encoder(first))))
  }
}
