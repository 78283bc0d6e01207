extension PDENetwork.Configuration {
  /// The networks of the paper for images of given channels of blocks: steps of 1 by the published
  /// methods, total variation normalisation before the activation, batch normalisation between blocks.
  ///
  ///     PDENetwork.Configuration.paper(.hamiltonian, channels: [32, 64, 112], features: 112)
  ///
  /// - Stability: steps of 1 are too long for the filters that they begin with, were it not for the
  ///   normalisation.
  /// - Source: L. Ruthotto, E. Haber, "Deep Neural Networks Motivated by Partial Differential
  ///   Equations", J. Math. Imaging Vis. 62 (2020), arXiv:1804.04272, section 5.
  public static func paper(
    _ dynamics: DynamicsName, channels: [Int], features: Int, steps: Int = 3
  ) -> PDENetwork.Configuration {
    PDENetwork.Configuration(
      dynamics: dynamics, integrator: dynamics.publishedIntegrator,
      adjoint: dynamics == .parabolic ? .direct : .reversible, channels: channels,
      features: features, steps: steps, span: Double(steps), start: .published,
      normalization: .totalVariation(.paper), hasScales: true, connection: .batch,
      pooling: .global)
  }

  /// The paper's network for STL-10, images of 96 × 96 pixels; the journal's has 5 steps.
  public static func stl10(_ dynamics: DynamicsName, steps: Int = 3) -> PDENetwork.Configuration {
    .paper(dynamics, channels: [16, 32, 64, 128], features: 128, steps: steps)
  }

  /// The paper's network for CIFAR-10.
  public static func cifar10(_ dynamics: DynamicsName) -> PDENetwork.Configuration {
    .paper(dynamics, channels: [32, 64, 112], features: 112)
  }

  /// The paper's network for CIFAR-100.
  public static func cifar100(_ dynamics: DynamicsName) -> PDENetwork.Configuration {
    .paper(dynamics, channels: [32, 64, 128], features: 256)
  }

  /// A network of the same kind for the 28 × 28 pixels of Fashion-MNIST, to be trained in minutes.
  public static func fashionMNIST(_ dynamics: DynamicsName) -> PDENetwork.Configuration {
    .paper(dynamics, channels: [32, 64, 128], features: 128)
  }

  /// A network of the same kind for the 8 × 8 pixels of the digits that come with the library.
  public static func optdigits(_ dynamics: DynamicsName) -> PDENetwork.Configuration {
    .paper(dynamics, channels: [16, 32], features: 64)
  }
}

extension DynamicsName {
  /// The method by which the paper integrates.
  public var publishedIntegrator: IntegratorName {
    switch self {
    case .hamiltonian: .symplecticEuler
    case .parabolic: .euler
    case .secondOrder: .leapfrog
    }
  }
}
