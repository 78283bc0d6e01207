import Thalweg

/// A ball above the ground.
struct Ball: VectorSpace {
  var height: Tensor
  var velocity: Tensor
  static let branches = Branches(\Ball.height, \.velocity)

  init(height: Tensor, velocity: Tensor) {
    self.height = height
    self.velocity = velocity
  }

  init(_ height: Double, _ velocity: Double, dtype: DType = .float64) {
    self.height = Tensor([height], shape: [], dtype: dtype)
    self.velocity = Tensor([velocity], shape: [], dtype: dtype)
  }
}

/// A ball that bounces, in closed form and as the sum of what a flow needs.
struct BouncingBall: TensorTree {
  var start: Ball
  var gravity: Tensor
  var restitution: Tensor
  static let branches = Branches(\BouncingBall.start, \.gravity, \.restitution)

  init(
    height: Double = 1.5, velocity: Double = 2, gravity: Double = 9.81, restitution: Double = 0.8,
    dtype: DType = .float64
  ) {
    start = Ball(height, velocity, dtype: dtype)
    self.gravity = Tensor([gravity], shape: [], dtype: dtype)
    self.restitution = Tensor([restitution], shape: [], dtype: dtype)
  }

  typealias Field = ODE<Ball>

  var fall: Field {
    ODE(of: Ball.self, gravity) { t, ball, g in
      Ball(height: ball.velocity, velocity: -g + 0 * ball.height)
    }
  }

  static let ground = Event<Ball>("ground", .falling) { t, ball in ball.height }

  var bounce: Event<Ball> {
    BouncingBall.ground.apply(restitution) { t, ball, e in
      Ball(height: ball.height, velocity: -e * ball.velocity)
    }
  }

  // MARK: - Closed form

  /// The speed of the first impact.
  private var speed: Tensor { sqrt(square(start.velocity) + 2 * gravity * start.height) }

  /// The time of an impact, counted from 0.
  func time(of impact: Int) -> Tensor {
    var time = (start.velocity + speed) / gravity
    var factor = restitution
    for _ in 0..<impact {
      time = time + 2 * factor * speed / gravity
      factor = factor * restitution
    }
    return time
  }

  /// The speed after an impact.
  func speed(after impact: Int) -> Tensor {
    (0...impact).reduce(speed) { speed, _ in restitution * speed }
  }

  /// The ball at a time after an impact and before the next.
  func ball(at time: Double, after impact: Int) -> Ball {
    let rest = time - self.time(of: impact)
    let speed = speed(after: impact)
    return Ball(
      height: speed * rest - 0.5 * gravity * square(rest), velocity: speed - gravity * rest)
  }
}
