/// What happens at the prompt of a lesson.
public enum LessonEvent: Equatable, Sendable {
  /// A cell ended that was typed, edited or run for the learner.
  case ran(String, RunOutcome)
  /// What the checker gave that was asked for.
  case checked(CheckOutcome)
  /// Enter on an empty line.
  case blank
  /// Ctrl-C at the prompt: what stood there is gone.
  case dropped
  /// `:hint`, `:show` and the like.
  case command(LessonCommand)
}

/// How a cell of the learner ended.
public enum RunOutcome: Equatable, Sendable {
  case succeeded
  /// Ctrl-C ended a training early, whose result counts.
  case cutShort
  /// It stopped, with this message, at this byte of its text; what stands before ran through.
  case stopped(String, at: Int)

  var hasRunThrough: Bool { if case .stopped = self { false } else { true } }
}

/// What a checker found in the learner's session.
public enum CheckOutcome: Equatable, Sendable {
  case holds
  case fails(String)
}

/// What a learner can ask for besides running cells; written `:hint`.
public enum LessonCommand: String, CaseIterable, Sendable {
  case hint, show, skip, task, progress

  /// One line.
  public var summary: String {
    switch self {
    case .hint: "the next hint for the task"
    case .show: "a solution, ready to be run or changed"
    case .skip: "run the solution (or the cell) and go on"
    case .task: "the task, or the text before the cell, once more"
    case .progress: "what is done and what is to come"
    }
  }
}

/// What the prompt of a lesson does next, in order.
public enum LessonAction: Equatable, Sendable {
  /// Show Markdown.
  case text(String)
  /// Show a task: its number, what it is about, and Markdown.
  case task(Int, title: String?, String)
  /// Show a hint: its number, how many there are, and Markdown.
  case hint(Int, of: Int, String)
  /// Say one line to the learner.
  case say(String, LessonTone)
  /// Put code into the prompt, to be edited and run with Enter.
  case offer(String)
  /// Run code for the learner, visibly, and report it as `.ran`.
  case run(String)
  /// Run the checker of the task of this number unseen, and report it as `.checked`.
  case check(Int)
  /// Write into the transcript.
  case record(LessonRecord)
}

/// How a line to the learner is meant.
public enum LessonTone: Equatable, Sendable {
  case right, notYet, information
}

/// What a transcript keeps of one cell.
public struct LessonRecord: Equatable, Sendable {
  public enum Mark: Equatable, Sendable {
    /// The cell completed its step, with so many hints.
    case done(hints: Int)
    /// The cell completed its task after its solution had been shown.
    case shown
    case skipped
    /// The cell was one of the learner's own, or did not solve the task.
    case tried
    /// Not the learner's: the checker of a task that is done.
    case check
  }

  /// 0-based among the steps.
  public var step: Int
  public var mark: Mark
  public var text: String
  public var outcome: RunOutcome

  public init(step: Int, mark: Mark, text: String, outcome: RunOutcome = .succeeded) {
    self.step = step
    self.mark = mark
    self.text = text
    self.outcome = outcome
  }
}
