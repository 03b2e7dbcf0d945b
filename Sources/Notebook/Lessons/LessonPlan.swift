import Language

/// A lesson as it is written: a percent script whose Markdown cells are the text, whose cells with `#?` lines are
/// tasks, and whose other cells are shown and run.
///
/// ```
/// #%% a tensor by hand
/// #? Make a tensor `x` with the numbers 1, 2 and 3.
/// #~ `tensor` takes a list; `?tensor` shows an example.
/// #: x = tensor([1, 2, 3])
/// expect shape(x) == [3]   # x has three elements
/// ```
/// The statements of a task that are no solution are its checker; a comment behind an `expect` says in words what
/// does not hold yet.
public struct LessonPlan: Sendable {
  public let source: Source
  /// The first heading, without its minutes.
  public let title: String
  /// From `(20 minutes)` at the end of the first heading.
  public let minutes: Int?
  public let steps: [LessonStep]
  /// What is wrong with the script or with its tasks.
  public let diagnostics: [Diagnostic]

  public var tasks: [LessonTask] { steps.compactMap(\.task) }
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// Whether a script has tasks, and so is to be solved before it is run.
  public static func isLesson(_ source: Source) -> Bool {
    LessonComments(in: source).comments.contains { $0.kind == .task }
  }

  public init(_ source: Source) {
    self.source = source
    let reader = LessonReader(source)
    steps = reader.steps
    diagnostics = reader.diagnostics
    let heading = reader.heading ?? source.name
    if let match = heading.firstMatch(of: /\s*\((\d{1,4}) min(?:utes)?\)\s*$/) {
      title = String(heading[..<match.range.lowerBound])
      minutes = Int(match.1)
    } else {
      title = heading
      minutes = nil
    }
  }
}

/// What comes next in a lesson.
public enum LessonStep: Sendable {
  /// Markdown to read.
  case text(String)
  /// Code that the learner runs, possibly after a change.
  case code(LessonCode)
  case task(LessonTask)

  public var task: LessonTask? {
    if case .task(let task) = self { task } else { nil }
  }
}

/// A cell that is offered at the prompt.
public struct LessonCode: Sendable {
  public let title: String?
  /// Without the cell's marker and without recorded outputs.
  public let text: String
  /// The cell in its file.
  public let span: Span
}

/// Something to find out by typing.
public struct LessonTask: Sendable {
  /// 1-based among the tasks.
  public let number: Int
  public let title: String?
  /// Markdown.
  public let text: String
  public let hints: [String]
  /// Code that solves it.
  public let solution: String
  /// The lesson with nothing left but the statements that must run through once the task is solved.
  public let checker: Source
  /// The checker as it is written.
  public let checkerText: String
  /// The cell in its file.
  public let span: Span
  /// What an `expect` asks for in words, by its place.
  let reasons: [(span: Span, text: String)]

  /// Why the task is not solved yet, in the words of the lesson where it has some.
  public func reason(for diagnostic: Diagnostic) -> String {
    let places = diagnostic.labels.map(\.span.start)
    if let reason = reasons.first(where: { reason in
      places.contains { reason.span.start <= $0 && $0 < reason.span.end }
    }) {
      return reason.text
    }
    return diagnostic.message.hasPrefix("expect failed: ")
      ? String(diagnostic.message.dropFirst("expect failed: ".count)) + " does not hold" : diagnostic.message
  }
}
