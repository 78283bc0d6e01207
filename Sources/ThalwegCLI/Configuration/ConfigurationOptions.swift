import ArgumentParser

/// The flag of commands that keep their flags beside their results.
///
/// The file is read before the flags are parsed (``FlagFile/expanded(_:)``); here it has its help.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the flags that are not given from the .yaml beside a result.", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var config: String?
}
