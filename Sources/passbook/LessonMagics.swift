import Notebook
import Runtime
import Synchronization

/// What a cell asks for by `:` commands that are not the session's own; the loop takes it when the cell has ended.
final class Requests<Request: Sendable>: Sendable {
  private let waiting = Mutex<[Request]>([])

  func add(_ request: Request) { waiting.withLock { $0.append(request) } }

  func take() -> [Request] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }
}

extension LessonCommand {
  /// The commands of a lesson, so that completion, help and did-you-mean know them; and those of the session without
  /// the two that would take away what the tasks build on.
  static func magics(_ requests: Requests<LessonCommand>) -> [Magic] {
    let own = LessonCommand.allCases.map { command in
      Magic(command.rawValue, summary: command.summary) { _, _ in requests.add(command) }
    }
    return own + Magic.standard.filter { $0.name != "reset" && $0.name != "open" }
  }
}
