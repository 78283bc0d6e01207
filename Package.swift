// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// A layer of the library with the layers below it that it uses.
func layer(_ name: String, on below: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: below, swiftSettings: settings)
}

/// The tests of a layer.
///
/// They name every layer: a target that depends on the umbrella alone is not
/// rebuilt when a layer behind it changes.
func tests(_ name: String, on others: [Target.Dependency] = []) -> Target {
  .testTarget(name: name, dependencies: layers + others, swiftSettings: settings)
}

/// An example: a program in a folder of its own, which sees what programs outside of the package see.
func example(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: layers + ["ExampleSupport"], path: "Examples/\(name)",
    packageAccess: false, swiftSettings: settings)
}

let examples = [
  "pendulum-and-energy", "lotka-volterra", "spiral", "stiff-van-der-pol", "learned-hamiltonian",
  "normalising-flow", "neural-cde", "hamiltonian-digits", "denoising", "custom-integrator",
  "custom-operation",
]

let layers: [Target.Dependency] = [
  "ThalwegKernels", "ThalwegTensors", "ThalwegDynamics", "ThalwegIntegrators", "ThalwegStability",
  "ThalwegAdjoints", "ThalwegNetworks", "ThalwegDiffusion", "ThalwegTraining", "ThalwegReports",
  "Thalweg",
]

let package = Package(
  name: "Thalweg",
  products: [
    .library(name: "Thalweg", targets: ["Thalweg"]),
    .executable(name: "thalweg", targets: ["ThalwegCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // MARK: Libraries of the system
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "CARPACK", pkgConfig: "arpack", providers: [.apt(["libarpack2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),

    // MARK: The layers, from the bottom up
    .target(
      name: "CThalwegKernels", dependencies: ["COpenBLAS"],
      linkerSettings: [.linkedLibrary("m")]),
    layer(
      "ThalwegKernels",
      on: [
        "CThalwegKernels", "COpenBLAS", "CLAPACKE", "CARPACK", "CZlib", "CPNG", "CTurboJPEG",
      ]),
    layer("ThalwegTensors", on: ["ThalwegKernels"]),
    layer("ThalwegDynamics", on: ["ThalwegTensors"]),
    layer("ThalwegIntegrators", on: ["ThalwegDynamics", "ThalwegTensors", "ThalwegKernels"]),
    layer(
      "ThalwegStability",
      on: ["ThalwegIntegrators", "ThalwegDynamics", "ThalwegTensors", "ThalwegKernels"]),
    layer(
      "ThalwegAdjoints",
      on: [
        "ThalwegStability", "ThalwegIntegrators", "ThalwegDynamics", "ThalwegTensors",
        "ThalwegKernels",
      ]),
    layer(
      "ThalwegNetworks",
      on: [
        "ThalwegStability", "ThalwegAdjoints", "ThalwegIntegrators", "ThalwegDynamics",
        "ThalwegTensors", "ThalwegKernels",
      ]),
    layer(
      "ThalwegDiffusion",
      on: [
        "ThalwegNetworks", "ThalwegStability", "ThalwegAdjoints", "ThalwegIntegrators",
        "ThalwegDynamics", "ThalwegTensors", "ThalwegKernels",
      ]),
    layer(
      "ThalwegTraining",
      on: [
        "ThalwegNetworks", "ThalwegAdjoints", "ThalwegIntegrators", "ThalwegTensors",
        "ThalwegKernels",
      ]),
    layer(
      "ThalwegReports",
      on: [
        "ThalwegTraining", "ThalwegNetworks", "ThalwegStability", "ThalwegAdjoints",
        "ThalwegIntegrators", "ThalwegDynamics", "ThalwegTensors", "ThalwegKernels",
      ]),
    layer("Thalweg", on: Array(layers.dropLast())),

    // MARK: The laws of the catalogue, and the command line
    layer("ThalwegLaws", on: layers),
    .target(name: "CThalwegMeter"),
    .executableTarget(
      name: "ThalwegCLI",
      dependencies: layers + [
        "ThalwegLaws", "CThalwegMeter",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ], swiftSettings: settings),

    // MARK: Examples, whose pages are at the end
    .target(name: "ExampleSupport", path: "Examples/Support", swiftSettings: settings),

    // MARK: Documentation, which `make docs` builds
    .target(
      name: "DocumentationWriter", path: "Tools/DocumentationWriter", swiftSettings: settings),
    .executableTarget(
      name: "documentation", dependencies: ["DocumentationWriter"], path: "Tools/documentation",
      swiftSettings: settings),

    // MARK: Tests
    .target(name: "CThalwegProbes", path: "Tests/CThalwegProbes"),
    .target(
      name: "ThalwegTestSupport", dependencies: layers + ["CThalwegProbes"],
      path: "Tests/ThalwegTestSupport",
      swiftSettings: settings),
    tests("ThalwegKernelsTests", on: ["ThalwegTestSupport", "CThalwegKernels"]),
    tests("ThalwegTensorsTests", on: ["ThalwegTestSupport"]),
    tests("ThalwegDynamicsTests", on: ["ThalwegTestSupport"]),
    tests("ThalwegIntegratorsTests", on: ["ThalwegTestSupport", "ThalwegLaws"]),
    tests("ThalwegAdjointsTests", on: ["ThalwegTestSupport", "ThalwegLaws", "CThalwegProbes"]),
    tests("ThalwegStabilityTests", on: ["ThalwegTestSupport", "ThalwegLaws"]),
    tests("ThalwegNetworksTests", on: ["ThalwegTestSupport"]),
    tests("ThalwegDiffusionTests", on: ["ThalwegTestSupport"]),
    tests("ThalwegTrainingTests", on: ["ThalwegTestSupport", "ThalwegCLI"]),
    tests("ThalwegReportsTests", on: ["ThalwegTestSupport"]),
    tests("ThalwegTests"),
    tests("ThalwegCLITests", on: ["ThalwegTestSupport", "ThalwegCLI"]),
    tests("DocumentationTests", on: ["ThalwegTestSupport", "ThalwegLaws", "DocumentationWriter"]),
    tests(
      "ThalwegExampleTests",
      on: ["ThalwegTestSupport"] + examples.map { Target.Dependency(stringLiteral: $0) }),
    .testTarget(name: "RepositoryTests", swiftSettings: settings),
  ] + examples.map(example)
)
