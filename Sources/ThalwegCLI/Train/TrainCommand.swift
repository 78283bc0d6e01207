import ArgumentParser
import ThalwegNetworks
import ThalwegTraining

/// `thalweg train`: trains a classifier of images whose depth is time.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network of partial differential equations on images.",
    discussion: """
      Without options it trains a Hamiltonian network on the handwritten digits that come with the \
      tool, by the Verlet method, whose steps are undone for the gradient: beside the weights \
      of each step, memory does not grow with --steps.

      EXAMPLES
        thalweg train
        thalweg train --steps 64                  deeper; only the weights grow
        thalweg train --network parabolic --integrator rk4
        thalweg train --network second-order --adjoint checkpointed:3
        thalweg train --network parabolic --project 0.95       Euler stays stable
        thalweg train --network resnet            what the others are compared with
        thalweg train --weights cosine:3 --integrator rk4 --steps 8 --span 4
        thalweg train --boundary periodic --activation tanh --normalization tv
        thalweg train --smoothness 1e-3 --roughness h1 --decay 1e-4 --box 1
        thalweg train --data fashion-mnist=DIR --epochs 3
        thalweg train --data folder=DIR           as DIR/train/CLASS/a.png
        thalweg train --channels 64 --arithmetic fast
        thalweg train --optimizer sgd --learning-rate 0.1 --schedule step:9=0.2
        thalweg train --validation 0.2 --patience 5      keep the best weights
        thalweg train --network hamiltonian --data cifar10=DIR --preset paper
        thalweg train --data cifar10=DIR --augment crop:2,mirror
        thalweg train --resume runs/optdigits-hamiltonian
        thalweg train --config runs/optdigits-hamiltonian/config.yaml --seed 1
        tensorboard --logdir runs                 curves of all runs
        thalweg train --json | tail -n 1          the result as a JSON object

      Ctrl-C finishes the batch, saves, and says how to resume. Weights are saved after every \
      epoch; a run that is resumed ends with the same weights as one that was not interrupted, also \
      where it was killed.

      FILES OF A RUN
        config.yaml           the flags of the run, for --config
        weights.safetensors   all that it takes to go on, for --resume
        model.safetensors     the trained network, best on the validation images
        log.csv               loss, accuracy, learning rate, norms of each epoch
        events.out.tfevents.thalweg    the same for TensorBoard

      INTEGRATORS
        any network     euler midpoint heun ralston kutta3 rk4 rk4-38
                        backward-euler trapezoid implicit-midpoint
                        and, reversible: leapfrog-midpoint reversible-heun alf
        hamiltonian     and, reversible: symplectic-euler verlet
        second-order    and, reversible: symplectic-euler verlet leapfrog
      """)

  @Option(
    help: ArgumentHelp(
      """
      optdigits, optdigits=DIR, fashion-mnist=DIR, mnist=DIR, cifar10=DIR, cifar100=DIR, \
      stl10=DIR, or folder=DIR with PNG and JPEG files. (default: optdigits)
      """,
      valueName: "name[=dir]"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      """
      The published networks and trainings, paper or journal, for cifar10, cifar100 and stl10; or \
      small for optdigits, mnist and fashion-mnist. Other flags take precedence.
      """), completion: .list(Preset.Name.allCases.map(\.rawValue)))
  var preset: String?

  @Option(
    help: ArgumentHelp(
      """
      hamiltonian, parabolic or second-order; or resnet, a plain residual network of about as many \
      weights, to compare with. (default: hamiltonian)
      """), completion: .list(NetworkName.allCases.map(\.rawValue)))
  var network: String?

  @Option(
    help: "The method of integration. (default: verlet, euler or leapfrog for the network)",
    completion: .list(IntegratorName.allCases.map(\.rawValue)))
  var integrator: String?

  @Option(
    help: ArgumentHelp(
      "direct, checkpointed[:budget] or reversible. (default: reversible where it is possible)"),
    completion: .list(["direct", "checkpointed", "reversible"]))
  var adjoint: String?

  @Option(help: "The steps of integration, which are the layers. (default: 4)")
  var steps: Int?

  @Option(help: "The time over which a block is integrated. (default: 2; with --preset 3 or 5)")
  var span: Double?

  @Option(
    help: ArgumentHelp(
      """
      How weights depend on time: steps, own ones for each step; or linear:N, legendre:N or cosine:N, \
      sums of N functions. (default: steps)
      """))
  var weights: String?

  @Option(help: "What lies outside the images: zero or periodic. (default: zero)")
  var boundary: String?

  @Option(help: "relu, tanh, softplus or sigmoid in blocks. (default: relu)")
  var activation: String?

  @Option(
    help: ArgumentHelp(
      """
      What normalises in blocks: none, instance, batch, group:COUNT, tv before the activation as in \
      the paper, or tv:provable behind it. (default: none; with --preset tv)
      """))
  var normalization: String?

  @Option(
    help:
      "Add so much times the variation of weights in time to the loss. (default: 0; by --preset)")
  var smoothness: Double?

  @Option(
    help: "How variation is measured: tv, smoothed absolute values, or h1, squares. (default: tv)")
  var roughness: String?

  @Option(
    help: ArgumentHelp(
      """
      Add half of so much times the squares of filters and classifier to the loss; --weight-decay acts \
      on all weights beside the loss. (default: 0; by --preset)
      """))
  var decay: Double?

  @Option(
    help: ArgumentHelp(
      "Cut all weights off at this magnitude after every update.", valueName: "bound"))
  var box: Double?

  @Option(help: "How often every image is used. (default: 12)")
  var epochs: Int?

  @Option(help: "Train on so many of the images, which the seed chooses. (default: all)")
  var images: Int?

  @Option(help: "The number of images of an update. (default: 64)")
  var batch: Int?

  @Option(help: "adam, sgd (with momentum) or nesterov. (default: adam)")
  var optimizer: String?

  @Option(help: "The largest learning rate. (default: 0.01 for adam, 0.1 otherwise)")
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      """
      How the learning rate changes: constant, cosine, one-cycle[:WARMUP], or step:60=0.2,80=0.04, \
      a fifth of it after 60 epochs and a twenty-fifth after 80. (default: one-cycle:0.25)
      """))
  var schedule: String?

  @Option(help: "How much of the velocity is kept by sgd and nesterov. (default: 0.9)")
  var momentum: Double?

  @Option(help: "How strongly weights are drawn to 0. (default: 0.01 for adam, 0 otherwise)")
  var weightDecay: Double?

  @Option(help: ArgumentHelp("Scale gradients down to this norm.", valueName: "norm"))
  var clip: Double?

  @Option(
    help: ArgumentHelp(
      """
      How training images are distorted: none, handwriting, crop:PIXELS, mirror, shift:PIXELS, \
      turn:RADIANS, stretch:SHARE, or some with commas between. (default: handwriting for optdigits \
      and mnist, otherwise crops of a sixteenth and mirrors)
      """, valueName: "words"))
  var augment: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Bring each image to mean 0 and deviation 1. (default: colour images)")
  var standardize: Bool?

  @Option(
    help: ArgumentHelp(
      "Keep this share of the training images to choose the best weights by. (default: 0)",
      valueName: "share"))
  var validation: Double?

  @Option(
    help: ArgumentHelp(
      "Stop after so many epochs without better accuracy on the validation images.",
      valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after an epoch whose mean training loss is below. (default: never; 0.01 for journal)",
      valueName: "loss"))
  var untilLoss: Double?

  @Option(help: "The channels of the network; resnet has fewer by √2. (default: 32)")
  var channels: Int?

  @Option(
    help: ArgumentHelp(
      "exact, or fast for 3×3 convolutions by Winograd's method. (default: exact)"))
  var arithmetic: String?

  @Option(
    help: ArgumentHelp(
      "Keep the norm of filters below this share of what stable steps allow, as 0.95.",
      valueName: "share"))
  var project: Double?

  @Option(help: "What determines weights and order of images. (default: 0)")
  var seed: UInt64?

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Where the run is kept. (default: runs/DATA-NETWORK)", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp("Go on with a run that was stopped.", valueName: "dir"),
    completion: .directory)
  var resume: String?

  @OptionGroup var source: ConfigurationOptions

  @Flag(help: "One JSON object a line; the last is the result.")
  var json = false

  mutating func run() throws {
    threads.apply()
    try TrainRun(try plan(), isJSON: json).run()
  }
}
