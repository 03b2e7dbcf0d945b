import Figures
import Language
import Notebook
import Runtime

/// Passes a session's output on, and keeps what belongs on record: what is printed and echoed, by statement.
final class Recorder: SessionOutput {
  private(set) var outputs = FreshOutputs()
  private let next: any SessionOutput

  init(_ next: any SessionOutput) { self.next = next }

  func begin(_ statement: Statement, of cell: Cell) {
    outputs.begin(at: statement.span.start)
    next.begin(statement, of: cell)
  }

  func end(_ statement: Statement, of cell: Cell) {
    outputs.end()
    next.end(statement, of: cell)
  }

  /// Begins anew: what comes next belongs to another source.
  func reset() { outputs = FreshOutputs() }

  func print(_ text: String) {
    outputs.print(text)
    next.print(text)
  }

  func echo(_ text: String) {
    outputs.print(text)
    next.echo(text)
  }

  func show(_ figure: Figure) {
    outputs.show(title: figure.title ?? figure.summary, svg: SVG.render(Drawing(figure)))
    next.show(figure)
  }

  func report(_ diagnostic: Diagnostic) { next.report(diagnostic) }
  func note(_ text: String) { next.note(text) }
  func progress(_ report: ProgressReport) { next.progress(report) }
}

/// Lets only diagnostics and progress through, for runs whose output is compared and not read.
struct QuietOutput: SessionOutput {
  let console: Console

  func print(_ text: String) {}
  func echo(_ text: String) {}
  func show(_ figure: Figure) {}
  func note(_ text: String) {}
  func report(_ diagnostic: Diagnostic) { console.report(diagnostic) }
  func progress(_ report: ProgressReport) { console.progress(report) }
}
