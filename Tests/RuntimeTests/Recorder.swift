import Foundation
import Language
@testable import Runtime

/// A session whose output is kept for the test to look at.
final class Recorder: SessionOutput {
  var lines: [String] = []
  var diagnostics: [Diagnostic] = []
  var notes: [String] = []

  func print(_ text: String) { lines.append(text) }
  func echo(_ text: String) { lines.append(text) }
  func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
  func note(_ text: String) { notes.append(text) }

  /// All errors as a terminal without colours shows them.
  var rendered: String { diagnostics.map { DiagnosticRenderer().render($0) }.joined(separator: "\n") }
}

/// What a script printed and echoed, with the way it ended.
struct Run {
  let outcome: Outcome
  let lines: [String]
  let errors: String
  let messages: [String]
  let notes: [String]

  init(_ script: String, configure: (inout SessionOptions) -> Void = { _ in }) {
    var options = SessionOptions()
    options.echo = .all
    configure(&options)
    let recorder = Recorder()
    outcome = Session(options: options, output: recorder).run(Source(name: "test.pass", text: script))
    lines = recorder.lines
    errors = recorder.rendered
    messages = recorder.diagnostics.map(\.message)
    notes = recorder.notes
  }
}

/// Runs a body on a thread with a large stack, as the tool does.
func onLargeStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
  nonisolated(unsafe) var result: Result?
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    result = body()
    done.signal()
  }
  thread.stackSize = 512 << 20
  thread.start()
  done.wait()
  return result!
}
