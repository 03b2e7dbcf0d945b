import ArgumentParser
import Language
import Notebook
import Runtime
import Terminal

/// A lesson at the prompt: what the learner does goes into a `LessonRun`, and what that says is done here.
final class LessonLoop {
  private let entry: LessonShelf.Entry
  private let requests = Requests<LessonCommand>()
  private let desk: InteractiveSession
  private var lesson: LessonRun
  private var transcript: TranscriptFile
  /// What stands in the prompt to begin with.
  private var offer = ""

  init(_ entry: LessonShelf.Entry, flags: SessionFlags) {
    self.entry = entry
    desk = InteractiveSession(flags: flags, magics: LessonCommand.magics(requests))
    lesson = LessonRun(entry.plan)
    transcript = TranscriptFile(
      stem: entry.stem,
      head: { path in
        LessonTranscript.head(of: entry.plan, resumeWith: "passbook lesson \(entry.argument)", path: path)
      })
  }

  private var prompt: Prompt { Prompt(lesson.prompt, .bold) }

  func run(resuming path: String?) throws {
    if let path { try resume(path) } else { greet() }
    perform(lesson.begin())
    while true {
      let input = desk.read(prompt: prompt, offering: offer)
      offer = ""
      switch input {
      case .blank: perform(lesson.handle(.blank))
      case .dropped: perform(lesson.handle(.dropped))
      case .endOfInput: try leave(0)
      case .cell(let text): if case .quit(let code) = runCell(text) { try leave(code) }
      }
    }
  }

  // MARK: - Running

  private func runCell(_ text: String) -> Outcome {
    let outcome = desk.run(text)
    let report: RunOutcome =
      switch outcome {
      case .done, .quit: Interrupts.isRaised ? .cutShort : .succeeded
      case .interrupted: .stopped("interrupted", at: desk.output.lastBegun?.span.start ?? 0)
      case .failed: .stopped(desk.output.firstError ?? "error", at: desk.output.lastBegun?.span.start ?? 0)
      }
    perform(lesson.handle(.ran(text, report)))
    for command in requests.take() {
      offer = ""  // the command may have left the cell that was offered behind
      perform(lesson.handle(.command(command)))
    }
    return outcome
  }

  private func perform(_ actions: [LessonAction]) {
    var endsInBlankLine = false
    for action in actions {
      defer { if case .text = action { endsInBlankLine = true } else { endsInBlankLine = false } }
      switch action {
      case .text(let text): desk.console.print("\n" + desk.render(text) + "\n")
      case .task(let number, let title, let text):
        if !endsInBlankLine { desk.console.print("") }
        show(task: number, title, text)
      case .hint(let number, let count, let text):
        desk.console.print(desk.render("*Hint \(number) of \(count):* \(text)"))
      case .say(let text, let tone): say(text, tone)
      case .offer(let code): offer = code
      case .run(let code):
        desk.console.print(desk.typed(code, behind: prompt))
        _ = runCell(code)
      case .check(let number): check(number)
      case .record(let record): keep(record)
      }
    }
  }

  private func check(_ number: Int) {
    let task = entry.plan.tasks[number - 1]
    Interrupts.clear()  // a training that was stopped has stopped; its answer counts
    let problem = desk.session.probe(task.checker)
    perform(lesson.handle(.checked(problem.map { .fails(task.reason(for: $0)) } ?? .holds)))
  }

  // MARK: - Showing

  private func greet() {
    let commands = LessonCommand.allCases.map { ":" + $0.rawValue }.joined(separator: ", ")
    desk.console.print(
      desk.style(
        .dim,
        desk.wrapped(
          "\(entry.plan.tasks.count) tasks. Enter runs a line, Ctrl-C clears it; \(commands) help; Ctrl-D leaves.")))
  }

  private func show(task number: Int, _ title: String?, _ text: String) {
    let name = title.map { ": " + $0 } ?? ""
    desk.console.print(desk.style(.yellow, "Task \(number) of \(lesson.states.count)\(name)"))
    desk.console.print(desk.render(text))
  }

  private func say(_ text: String, _ tone: LessonTone) {
    switch tone {
    case .right: desk.console.print(desk.style(.green, desk.wrapped("Right: " + text)))
    case .notYet: desk.console.print(desk.style(.yellow, desk.wrapped("Not yet: " + text)))
    case .information: desk.console.print(desk.style(.dim, desk.wrapped(text)))
    }
  }

  // MARK: - Keeping

  private func keep(_ record: LessonRecord) {
    guard let cell = LessonTranscript.cell(record) else { return }
    if let problem = transcript.append(cell) {
      desk.console.note("no transcript is kept: \(problem)")
    }
  }

  private func resume(_ path: String) throws {
    let source = try ScriptFile.read(path)
    guard LessonTranscript.lessonTitle(of: source) == entry.plan.title else {
      throw UnreadableScript(description: "\(path) is no transcript of the lesson '\(entry.plan.title)'")
    }
    let (records, diagnostics) = LessonTranscript.records(of: source)
    for diagnostic in diagnostics { Console.report(diagnostic) }
    if diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
    do { try lesson.restore(records) } catch { throw UnreadableScript(description: "\(path): \(error)") }
    desk.console.note("running \(records.count) cells of \(path) again")
    desk.output.isMuted = true
    for record in records {
      Interrupts.clear()  // Ctrl-C cuts a long training short once more, and no more than that
      guard desk.run(record.text) == .done else {
        desk.console.note("a cell of \(path) does not run any more; mend it or take it out")
        throw ExitCode(1)
      }
    }
    desk.output.isMuted = false
    transcript.goOn(with: path)
  }

  private func leave(_ code: Int32) throws -> Never {
    if let path = transcript.path {
      let command = "passbook lesson \(entry.argument) --resume \(path)"
      desk.console.print(
        desk.style(
          .dim,
          desk.wrapped(
            "What you did is in \(path), a script for passbook run." + (lesson.isDone ? "" : " Go on with: \(command)"))
        ))
    }
    throw ExitCode(desk.console.close() ? code : 1)
  }
}
