import Language

/// A lesson that is being taken: what happened goes in, what to do comes out. It prints, reads and runs nothing itself.
public struct LessonRun: Sendable {
  /// How a task went.
  public enum TaskState: Equatable, Sendable {
    case open
    case done(hints: Int)
    case shown
    case skipped
  }

  public let plan: LessonPlan
  /// One state a task, in order.
  public private(set) var states: [TaskState]
  /// The step that the learner is at; behind the last once the lesson is done.
  public private(set) var position = 0
  private var hintCount = 0
  private var isShown = false
  private var isSkipping = false
  /// The cell whose checker has been asked for.
  private var pending: (text: String, outcome: RunOutcome)?
  private var lastReason: String?
  private var hasToldOfEnter = false

  public init(_ plan: LessonPlan) {
    self.plan = plan
    states = plan.tasks.map { _ in .open }
  }

  public var isDone: Bool { position >= plan.steps.count }

  /// `lesson 2/7> `, with the task that the learner is at or comes to next.
  public var prompt: String {
    let next = plan.steps[position...].lazy.compactMap(\.task).first?.number
    return next.map { "lesson \($0)/\(states.count)> " } ?? "lesson done> "
  }

  private var current: LessonStep? { isDone ? nil : plan.steps[position] }

  // MARK: - Events

  /// Starts where the lesson stands: at its beginning, or behind what a transcript has restored.
  public mutating func begin() -> [LessonAction] { arrive() }

  public mutating func handle(_ event: LessonEvent) -> [LessonAction] {
    switch event {
    case .ran(let text, let outcome): return ran(text, outcome)
    case .checked(let outcome): return checked(outcome)
    case .blank: return blank()
    case .dropped:
      guard case .code = current, !hasToldOfEnter else { return [] }
      hasToldOfEnter = true
      return [.say("the line is yours; Enter on an empty line brings the cell back", .information)]
    case .command(let command): return handle(command)
    }
  }

  private mutating func ran(_ text: String, _ outcome: RunOutcome) -> [LessonAction] {
    let onlyLooked = Self.onlyLooks(text)
    let skipped = isSkipping
    isSkipping = false
    switch current {
    case .text, nil: return [record(.tried, text, outcome)]
    case .code(let code):
      if skipped || (outcome.hasRunThrough && CellVersion.isVersion(text, of: code.text)) {
        return complete([record(skipped ? .skipped : .done(hints: 0), text, outcome)])
      }
      return (onlyLooked ? [] : [record(.tried, text, outcome)]) + [.offer(code.text)]
    case .task(let task):
      if skipped {
        states[task.number - 1] = .skipped
        return complete([record(.skipped, text, outcome)])
      }
      guard outcome.hasRunThrough, !onlyLooked else { return onlyLooked ? [] : [record(.tried, text, outcome)] }
      pending = (text, outcome)
      return [.check(task.number)]
    }
  }

  private mutating func checked(_ outcome: CheckOutcome) -> [LessonAction] {
    guard let (text, ran) = pending, case .task(let task) = current else { return [] }
    pending = nil
    switch outcome {
    case .fails(let reason):
      // An experiment need not be told twice what the task asks for; an answer must.
      let isAnswer = reason != lastReason || !CellVersion.boundNames(in: text).isEmpty
      lastReason = reason
      return [record(.tried, text, ran)] + (isAnswer ? [.say(reason, .notYet)] : [])
    case .holds:
      states[task.number - 1] = isShown ? .shown : .done(hints: hintCount)
      let mark: LessonRecord.Mark = isShown ? .shown : .done(hints: hintCount)
      return complete([
        record(mark, text, ran), record(.check, task.checkerText),
        .say("task \(task.number) of \(states.count) is done", .right),
      ])
    }
  }

  private func blank() -> [LessonAction] {
    switch current {
    case .code(let code): [.offer(code.text)]
    case .task: [.say("type an answer; :hint, :show, :skip and :task help, ?NAME explains a name", .information)]
    case .text, nil: []
    }
  }

  // MARK: - Commands

  private mutating func handle(_ command: LessonCommand) -> [LessonAction] {
    switch (command, current) {
    case (.progress, _): return progress().map { .say($0, .information) } + offerAgain()
    case (_, nil), (_, .text): return [.say("the lesson is done; :progress shows how it went", .information)]
    case (.skip, .code(let code)):
      isSkipping = true
      return [.run(code.text)]
    case (.task, .code): return lastTexts() + offerAgain()
    case (.hint, .code), (.show, .code):
      return [.say("this is no task: Enter runs the cell, and you may change it before", .information)] + offerAgain()
    case (.hint, .task(let task)): return hint(for: task)
    case (.show, .task(let task)):
      isShown = true
      return [.say("one solution; Enter runs it, and you may change it before", .information), .offer(task.solution)]
    case (.skip, .task(let task)):
      isSkipping = true
      return [
        .say("skipped; the solution is run, so that what follows finds its names", .information), .run(task.solution),
      ]
    case (.task, .task(let task)): return [.task(task.number, title: task.title, task.text)]
    }
  }

  private mutating func hint(for task: LessonTask) -> [LessonAction] {
    guard hintCount < task.hints.count else {
      let none = task.hints.isEmpty ? "this task has no hints" : "there are no more hints"
      return [.say("\(none); :show shows a solution", .information)]
    }
    hintCount += 1
    return [.hint(hintCount, of: task.hints.count, task.hints[hintCount - 1])]
  }

  /// One line a task.
  public func progress() -> [String] {
    zip(plan.tasks, states).map { task, state in
      let isHere = current?.task?.number == task.number
      let result =
        switch state {
        case .open: isHere ? "you are here" : "to come"
        case .done(0): "done"
        case .done(1): "done with a hint"
        case .done(let hints): "done with \(hints) hints"
        case .shown: "done after the solution was shown"
        case .skipped: "skipped"
        }
      return "\(task.number). \(task.title ?? "task"): \(result)"
    }
  }

  // MARK: - Going on

  private mutating func complete(_ actions: [LessonAction]) -> [LessonAction] {
    position += 1
    hintCount = 0
    isShown = false
    lastReason = nil
    return actions + arrive()
  }

  /// Shows the texts up to the next thing to do.
  private mutating func arrive() -> [LessonAction] {
    var actions: [LessonAction] = []
    while case .text(let text) = current {
      actions.append(.text(text))
      position += 1
    }
    switch current {
    case .code(let code): actions.append(.offer(code.text))
    case .task(let task): actions.append(.task(task.number, title: task.title, task.text))
    case .text, nil:
      actions += progress().map { .say($0, .information) }
      actions.append(.say("the lesson is done; the session stays open, Ctrl-D leaves", .right))
    }
    return actions
  }

  private func offerAgain() -> [LessonAction] {
    if case .code(let code) = current { [.offer(code.text)] } else { [] }
  }

  /// The texts right before the step.
  private func lastTexts() -> [LessonAction] {
    plan.steps[..<position].reversed().prefix { if case .text = $0 { true } else { false } }.reversed().compactMap {
      if case .text(let text) = $0 { .text(text) } else { nil }
    }
  }

  private func record(
    _ mark: LessonRecord.Mark, _ text: String, _ outcome: RunOutcome = .succeeded
  ) -> LessonAction {
    .record(LessonRecord(step: position, mark: mark, text: text, outcome: outcome))
  }

  /// Whether a cell holds nothing but questions and commands to the prompt.
  static func onlyLooks(_ text: String) -> Bool {
    let (cell, diagnostics) = Parser.parseCell(Source(name: "", text: text), number: 1)
    return diagnostics.isEmpty && cell.statements.allSatisfy(\.onlyLooks)
  }

  // MARK: - Restoring

  /// Goes behind the steps that a transcript completes.
  /// - Throws: `LessonMismatch` where the transcript is of another lesson.
  public mutating func restore(_ records: [LessonRecord]) throws {
    for record in records where record.mark != .tried && record.mark != .check {
      guard plan.steps.indices.contains(record.step) else { throw LessonMismatch(step: record.step) }
      switch (plan.steps[record.step], record.mark) {
      case (.text, _): throw LessonMismatch(step: record.step)
      case (.code, _): break
      case (.task(let task), .done(let hints)): states[task.number - 1] = .done(hints: hints)
      case (.task(let task), .shown): states[task.number - 1] = .shown
      case (.task(let task), _): states[task.number - 1] = .skipped
      }
      position = max(position, record.step + 1)
    }
  }
}

/// A transcript that does not belong to the lesson.
public struct LessonMismatch: Error, CustomStringConvertible {
  public var step: Int

  public var description: String {
    "the transcript completes step \(step + 1), which this lesson does not have; it is of another lesson or version"
  }
}

extension Statement {
  /// Asks for something that no script needs: help, the variables, a hint.
  var onlyLooks: Bool {
    switch kind {
    case .help: true
    case .magic(let name, _):
      ["help", "vars", "history", "save", "quit"].contains(name.text) || LessonCommand(rawValue: name.text) != nil
    default: false
    }
  }
}
