import Language
import Training

extension Session {
  /// The samples that an expression of the language gives, such as `fashion().test` on a command line.
  ///
  /// - Returns: Nil where it failed; what went wrong has been reported.
  public func samples(from source: Source) -> (any Samples)? {
    let name = "samples_of_the_command_line"
    let assignment = Source(name: source.name, text: "\(name) = \(source.text)")
    guard runCell(assignment) == .done else { return nil }
    if case .object(let split as any SplitObject)? = machine[name] { return split.samples }
    output.report(
      Diagnostic(.error, "\(source.text) gives no samples", help: ["name a split, such as fashion().test"]))
    return nil
  }
}
