import Language

protocol SessionOutput { func print(_ text: String); func report(_ d: Diagnostic) }
enum Outcome { case done, failed, interrupted, quit(Int32) }
final class Session {
  var output: any SessionOutput
  let isInterrupted: @Sendable () -> Bool
  init(output: any SessionOutput, isInterrupted: @escaping @Sendable () -> Bool) { self.output = output; self.isInterrupted = isInterrupted }
  func run(_ source: Source) -> Outcome {
    if source.text.hasPrefix("while true") { while !isInterrupted() {}; return .interrupted }
    if source.text.hasPrefix("error") { output.report(Diagnostic(.error, "an error")); return .failed }
    if source.text == ":quit" { return .quit(0) }
    output.print("<\(source.text)>\n")
    return .done
  }
  func completions(in text: String, at cursor: Int) -> [String] { ["concat", "conv", "passport", "train"] }
  static func isIncomplete(_ text: String) -> Bool { text.filter { $0 == "{" }.count > text.filter { $0 == "}" }.count }
}
