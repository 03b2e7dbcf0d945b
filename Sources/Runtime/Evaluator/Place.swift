import Language
import Ownership
import Tensors

/// Where a node stands, kept by the code that it lowers to; turns any error into a diagnostic at that place.
struct Place: Sendable {
  let source: Source
  let cell: Int
  let span: Span

  /// The error as a diagnostic here, unless it already has a place or is no error of the script.
  func diagnostic(_ error: any Error, arguments: [String: Span] = [:]) -> any Error {
    switch error {
    case is Interrupted, is Quit, is ControlTransfer: return error
    case let failure as Failure:
      let span = failure.argument.flatMap { arguments[$0] } ?? span
      return diagnostic(failure.message, at: span, help: failure.help)
    case var diagnostic as Diagnostic:
      if diagnostic.source != nil { return diagnostic }
      if diagnostic.labels.isEmpty { diagnostic.labels = [.init(span)] }
      diagnostic.source = source
      diagnostic.cell = cell
      return diagnostic
    case let error as any ExplainedError:
      return diagnostic(error.message, at: span, help: error.help.map { [$0] } ?? [])
    default:
      return diagnostic(String(describing: error), at: span, help: [])
    }
  }

  private func diagnostic(_ message: String, at span: Span, help: [String]) -> Diagnostic {
    var diagnostic = Diagnostic(.error, message, at: span, help: help, source: source)
    diagnostic.cell = cell
    return diagnostic
  }

  /// The error with this place in its call trace; a trace names at most six calls.
  func traced(_ error: any Error, through name: String?) -> any Error {
    guard var diagnostic = error as? Diagnostic else { return error }
    let line = source.line(at: span.start) + 1
    let call = "called as \(name ?? "a function") at \(source.name):\(line)"
    let calls = diagnostic.help.filter { $0.hasPrefix("called as ") }
    if calls.count < 6 && calls.last != call { diagnostic.help.append(call) }
    return diagnostic
  }
}
