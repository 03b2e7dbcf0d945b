import Figures
import Language
import Runtime
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// Where a session of the tool writes: results to standard output, diagnostics and progress to standard error.
final class Console: SessionOutput {
  private let output = BufferedOutput(descriptor: STDOUT_FILENO)
  private let progress: Progress

  init(isQuiet: Bool) {
    progress = Progress.standard(isQuiet: isQuiet, environment: environmentVariables())
  }

  func print(_ text: String) {
    progress.clear()
    output.write(text + "\n")
  }

  func echo(_ text: String) { print(text) }

  /// Draws as well as standard output can show it, no wider than the terminal; plain text where there is none.
  func show(_ figure: Figure) {
    let isScreen = isTerminal(STDOUT_FILENO)
    let graphics = terminalGraphics(environmentVariables(), isTerminal: isScreen)
    guard isScreen else { return print(TerminalPicture(graphics: graphics).render(figure)) }
    let columns = min(terminalWidth(STDOUT_FILENO) - 1, 100)
    print(TerminalPicture(columns: columns, rows: max(15, columns / 5), graphics: graphics).render(figure))
  }

  func report(_ diagnostic: Diagnostic) {
    flush()  // so that an error stands below what was printed before it
    Console.report(diagnostic)
  }

  static func report(_ diagnostic: Diagnostic) {
    let style = Style(descriptor: STDERR_FILENO, environment: environmentVariables())
    writeError(DiagnosticRenderer(usesColor: style.isEnabled).render(diagnostic))
  }

  func note(_ text: String) {
    flush()
    writeError(text + "\n")
  }

  func progress(_ report: ProgressReport) {
    let state = Progress.State(
      title: report.title, completed: report.completed, total: report.total, figures: report.figures
    ) { size in
      report.curves.map { LiveCurves($0, environment: environmentVariables()).lines(for: size) } ?? []
    }
    if report.isMilestone { progress.endSection(state) } else { progress.update(state) }
  }

  /// Brings everything onto the screen, and the bar off it.
  func flush() {
    progress.clear()
    output.flush()
  }

  /// Writes what is left.
  /// - Returns: Whether all output was written; if not, as on a full disk, it has been said.
  func close() -> Bool {
    flush()
    guard let failure = output.failureText else { return true }
    reportError("standard output cannot be written: \(failure)")
    return false
  }
}

/// Writes text to standard error.
func writeError(_ text: String) { writeAll(Array(text.utf8), to: STDERR_FILENO) }

/// Prints `error: …` at standard error, for what happens outside of any source.
func reportError(_ message: String) { Console.report(Diagnostic(.error, message)) }
