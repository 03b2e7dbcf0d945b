import Figures
import Language
import Notebook
import Runtime
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// Types each cell at a prompt before it runs, and passes its output on.
final class TypedCells: SessionOutput {
  private let document: Document
  private let console: Console
  private let typewriter: Typewriter
  private let style: Style
  /// The cells that have been shown.
  private var shown = 0

  init(_ document: Document, _ console: Console, charactersPerSecond: Double) {
    self.document = document
    self.console = console
    style = Style(descriptor: STDOUT_FILENO, environment: environmentVariables())
    typewriter = Typewriter(charactersPerSecond: charactersPerSecond) { Interrupts.isRaised }
  }

  func begin(_ statement: Statement, of cell: Cell) { show { $0.cell.number <= cell.number } }

  /// Shows what stands behind the last cell that ran.
  func showRest() { show { _ in true } }

  private func show(while isDue: (DocumentCell) -> Bool) {
    console.flush()
    while shown < document.cells.count, isDue(document.cells[shown]) {
      let cell = document.cells[shown]
      shown += 1
      if cell.cell.isMarkdown {
        typewriter.show(cell.markdown(in: document.source) + "\n\n")
      } else {
        type(cell)
      }
    }
  }

  private func type(_ cell: DocumentCell) {
    let lines = cell.codeLines(in: document.source)
    if !cell.header.title.isEmpty { typewriter.show(style(.dim, "# " + cell.header.title) + "\n") }
    let prompt = Prompt.cell(cell.cell.number)
    typewriter.type(
      lines.enumerated().map { index, line in
        let prompt = index == 0 ? prompt : prompt.continuation
        return (prompt: style(prompt.paint, prompt.text), text: line)
      })
  }

  func print(_ text: String) { console.print(text) }
  func echo(_ text: String) { console.echo(text) }
  func show(_ figure: Figure) { console.show(figure) }
  func report(_ diagnostic: Diagnostic) { console.report(diagnostic) }
  func note(_ text: String) { console.note(text) }
  func progress(_ report: ProgressReport) { console.progress(report) }
}
