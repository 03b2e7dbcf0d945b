import Language

/// A script that a teacher steps through: what happened goes in, what to show comes out. It prints and runs nothing.
///
/// The steps are those of the script read as a lesson: Markdown, code, and tasks, of which first the text and then the
/// solution is shown.
public struct Presentation: Sendable {
  public enum Event: Equatable, Sendable {
    /// Enter on an empty line.
    case enter
    /// A cell ended, well or not.
    case ran(succeeded: Bool)
    case command(PresentationCommand)
  }

  public enum Action: Equatable, Sendable {
    /// Show Markdown.
    case text(String)
    /// Put code into the prompt, to be edited and run with Enter.
    case type(String)
    case say(String)
  }

  public let plan: LessonPlan
  /// The step that is on the screen; before the first, -1.
  public private(set) var position = -1
  /// The step's code stands in the prompt, or stood there when a cell was run.
  private var isTyped = false
  /// The step has been read or run, so that Enter goes on to the next.
  private var isDone = true

  public init(_ plan: LessonPlan) { self.plan = plan }

  /// `present 3/12> `
  public var prompt: String { "present \(position + 1)/\(plan.steps.count)> " }

  /// Shows the first step.
  public mutating func begin() -> [Action] { show(0) }

  public mutating func handle(_ event: Event) -> [Action] {
    switch event {
    case .ran(let succeeded):
      // A line of the teacher's own leaves the step where it is.
      if isTyped, succeeded { isDone = true }
      isTyped = false
      return []
    case .enter: return isDone ? show(position + 1) : type()
    case .command(.next): return show(position + 1)
    case .command(.back): return show(max(position - 1, 0))
    case .command(.goto(let number)):
      guard number > 0, plan.steps.indices.contains(number - 1) else {
        return [.say("there are cells 1 to \(plan.steps.count)")]
      }
      return show(number - 1)
    }
  }

  private mutating func show(_ step: Int) -> [Action] {
    guard plan.steps.indices.contains(step) else {
      return [.say("that was the last cell; :back or :goto N shows one again, Ctrl-D leaves")]
    }
    position = step
    isTyped = false
    switch plan.steps[step] {
    case .text(let text):
      isDone = true
      return [.text(text)]
    case .code(let code):
      isDone = false
      return (code.title.map { [.say($0)] } ?? []) + type()
    case .task(let task):
      isDone = false
      return [.text("**Task\(task.title.map { ": " + $0 } ?? "")**\n\n" + task.text)]
    }
  }

  private mutating func type() -> [Action] {
    guard plan.steps.indices.contains(position) else { return [] }
    isTyped = true
    switch plan.steps[position] {
    case .text: return []
    case .code(let code): return [.type(code.text)]
    case .task(let task): return [.type(task.solution)]
    }
  }
}

/// How a teacher moves, other than by Enter; written `:next`.
public enum PresentationCommand: Equatable, Sendable {
  case next, back
  /// 1-based.
  case goto(Int)
}
