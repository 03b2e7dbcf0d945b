import ArgumentParser
import Language
import Notebook
import Runtime
import Terminal

/// The test of a lesson: plays its cells and solutions, and asks every check before and after.
struct LessonCheck {
  /// Seconds that a cell of a lesson may take on two cores.
  static let longestCell = 20.0

  let plan: LessonPlan
  let flags: SessionFlags

  func run() throws {
    Interrupts.catchSignal()
    let console = Console(isQuiet: true)
    let output = WatchedOutput(console)
    output.isMuted = true
    let session = Session(options: flags.options(echo: .prompt), output: output)
    var errorCount = 0
    var total = 0.0
    func report(_ message: String, at span: Span, help: String...) {
      errorCount += 1
      console.report(Diagnostic(.error, message, at: firstLine(of: span), help: help, source: plan.source))
    }
    /// Runs a cell and says how long it took.
    func play(_ text: String, _ name: String, at span: Span) throws {
      let start = monotonicSeconds()
      let outcome = session.runCell(Source(name: plan.source.name, text: text))
      let seconds = monotonicSeconds() - start
      total += seconds
      console.note("line \(plan.source.line(of: span.start) + 1)  \(tenths(seconds)) s  \(name)")
      if outcome == .interrupted { throw ExitCode(130) }
      if outcome != .done { report("\(name) does not run", at: span) }
      if seconds > LessonCheck.longestCell {
        report(
          "this takes \(tenths(seconds)) s; a cell of a lesson takes at most \(Int(LessonCheck.longestCell)) s",
          at: span,
          help: "take fewer samples or epochs, or cut the cell in two")
      }
    }
    for step in plan.steps {
      switch step {
      case .text: continue
      case .code(let code): try play(code.text, code.title ?? "cell", at: code.span)
      case .task(let task):
        let name = "task \(task.number)" + (task.title.map { ", \($0)" } ?? "")
        if session.probe(task.checker) == nil {
          report("the check of \(name) holds before anything is done", at: task.span)
        }
        try play(task.solution, name, at: task.span)
        if let problem = session.probe(task.checker) {
          report("the solution of \(name) does not pass its check", at: task.span)
          console.report(problem)
        }
      }
    }
    console.note(
      "\(plan.tasks.count) tasks, \(tenths(total)) s, \(errorCount == 0 ? "all well" : "\(errorCount) errors")")
    if errorCount > 0 { throw ExitCode(1) }
  }

  private func firstLine(of span: Span) -> Span {
    let next = plan.source.line(of: span.start) + 1
    let end = next < plan.source.lineStarts.count ? plan.source.lineStarts[next] - 1 : span.end
    return Span(span.start, min(max(end, span.start), span.end))
  }

  private func tenths(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10)" }
}
