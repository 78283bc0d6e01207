/// Arguments in which negative numbers are values of the flags before them.
///
/// `--rate -1` would be two flags to the parser, and its error that a value is missing.
func joiningNegativeNumbers(_ arguments: [String]) -> [String] {
  var joined: [String] = []
  let flags = arguments.prefix { $0 != "--" }
  for word in flags {
    let isNumber = word.hasPrefix("-") && Double(word) != nil
    if isNumber, let flag = joined.last, flag.hasPrefix("--"), !flag.contains("=") {
      joined[joined.count - 1] = "\(flag)=\(word)"
    } else {
      joined.append(word)
    }
  }
  return joined + arguments[flags.count...]
}
