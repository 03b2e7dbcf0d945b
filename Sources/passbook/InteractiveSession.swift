import Figures
import Language
import Runtime
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// A session at a terminal: the keyboard, the screen and what runs; the prompt, a lesson and a presentation share it.
struct InteractiveSession {
  let style: Style
  let console: Console
  let output: WatchedOutput
  /// What the present cell showed, for `:save`.
  private let recorder: Recorder
  private let saved = SavedSession()
  let session: Session
  let cells: CellReader

  /// - Parameter magics: What `:` commands there are.
  init(flags: SessionFlags, magics: [Magic] = Magic.standard) {
    Interrupts.catchSignal()
    let environment = environmentVariables()
    style = Style(descriptor: STDOUT_FILENO, environment: environment)
    console = Console(isQuiet: flags.quiet)
    recorder = Recorder(console)
    output = WatchedOutput(recorder)
    var options = flags.options(echo: .prompt)
    options.magics = saved.magics(magics)
    let session = Session(options: options, output: output)
    self.session = session
    let history = HistoryFile.standardPath(environment: environment).map(HistoryFile.init(path:))
    let reader = ReadlineReader(style: style, history: history) { text, cursor in
      session.completions(in: text, at: cursor)
    }
    cells = CellReader(lines: reader, isIncomplete: Parser.isIncomplete)
  }

  /// Reads a cell that may begin with an offer; an empty line is an answer, too. A terminal that cannot edit several
  /// lines shows the offer above the prompt, where Enter takes it.
  func read(prompt: Prompt, offering offer: String) -> CellInput {
    console.flush()
    if style.isEnabled || offer.isEmpty { return cells.read(prompt: prompt, offering: offer, reportsBlank: true) }
    console.print(typed(offer, behind: prompt))
    let input = cells.read(prompt: prompt, reportsBlank: true)
    return input == .blank ? .cell(offer) : input
  }

  /// Runs a cell that was typed, and says when it was interrupted.
  func run(_ text: String) -> Outcome {
    output.beginCell()
    recorder.reset()
    let number = session.nextCellNumber
    let outcome = session.runCell(Source(name: "cell \(number)", text: text))
    if outcome == .done { saved.add(text, number: number, recorder.outputs) }
    if outcome == .interrupted { console.note("\ninterrupted; the variables are kept") }
    return outcome
  }

  /// Markdown for this screen, in lines that can still be read where the screen is wide.
  func render(_ markdown: String) -> String {
    TerminalMarkdown(width: min(terminalWidth(STDOUT_FILENO) - 1, 84), style: style).render(markdown)
  }

  /// Plain text for this screen, broken at spaces.
  func wrapped(_ text: String) -> String {
    TerminalMarkdown(width: min(terminalWidth(STDOUT_FILENO) - 1, 84), style: Style(isEnabled: false)).render(text)
  }

  /// Code as it looks when it is typed behind a prompt.
  func typed(_ code: String, behind prompt: Prompt) -> String {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      let prompt = index == 0 ? prompt : prompt.continuation
      return style(prompt.paint, prompt.text) + line
    }.joined(separator: "\n")
  }
}

/// Passes on what a session writes, or keeps it back, and remembers how far a cell came.
final class WatchedOutput: SessionOutput {
  private let next: any SessionOutput
  /// Nothing is shown but errors.
  var isMuted = false
  /// The statement of the present cell that began last.
  private(set) var lastBegun: Statement?
  /// The first error of the present cell, as one line.
  private(set) var firstError: String?

  init(_ next: any SessionOutput) { self.next = next }

  func beginCell() {
    lastBegun = nil
    firstError = nil
  }

  func begin(_ statement: Statement, of cell: Cell) {
    lastBegun = statement
    next.begin(statement, of: cell)
  }

  func end(_ statement: Statement, of cell: Cell) { next.end(statement, of: cell) }

  func print(_ text: String) {
    if !isMuted { next.print(text) }
  }

  func echo(_ text: String) {
    if !isMuted { next.echo(text) }
  }

  func show(_ figure: Figure) {
    if !isMuted { next.show(figure) }
  }

  func report(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error, firstError == nil { firstError = "error: " + diagnostic.message }
    if !isMuted || diagnostic.severity == .error { next.report(diagnostic) }
  }

  func note(_ text: String) {
    if !isMuted { next.note(text) }
  }

  func progress(_ report: ProgressReport) {
    if !isMuted { next.progress(report) }
  }
}
