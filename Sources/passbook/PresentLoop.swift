import ArgumentParser
import Language
import Notebook
import Runtime
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// A presentation at the prompt.
final class PresentLoop {
  private let desk: InteractiveSession
  private let requests = Requests<PresentationCommand>()
  private var presentation: Presentation
  /// What stands in the prompt to begin with.
  private var offer = ""

  init(_ plan: LessonPlan, flags: SessionFlags) {
    presentation = Presentation(plan)
    desk = InteractiveSession(flags: flags, magics: PresentationCommand.magics(requests) + Magic.standard)
  }

  func run() throws {
    desk.console.print(
      desk.style(.dim, "Enter goes on; :back, :next, :goto N move; any line may be typed; Ctrl-D leaves"))
    perform(presentation.begin())
    while true {
      let input = desk.read(prompt: Prompt(presentation.prompt, .bold), offering: offer)
      offer = ""
      switch input {
      case .blank: perform(presentation.handle(.enter))
      case .dropped: perform(presentation.handle(.ran(succeeded: false)))
      case .endOfInput: throw ExitCode(desk.console.close() ? 0 : 1)
      case .cell(let text):
        let outcome = desk.run(text)
        let commands = requests.take()
        if case .quit(let code) = outcome { throw ExitCode(desk.console.close() ? code : 1) }
        perform(presentation.handle(.ran(succeeded: outcome == .done && commands.isEmpty)))
        for command in commands { perform(presentation.handle(.command(command))) }
      }
    }
  }

  private func perform(_ actions: [Presentation.Action]) {
    for action in actions {
      switch action {
      case .text(let text): desk.console.print("\n" + desk.render(text) + "\n")
      case .type(let code): offer = code
      case .say(let text): desk.console.print(desk.style(.dim, text))
      }
    }
  }
}

/// A presentation whose output goes into a file or a pipe: every step, one after the other, to the first error.
struct PresentWithoutTerminal {
  let plan: LessonPlan
  let flags: SessionFlags

  func run() throws {
    Interrupts.catchSignal()
    let console = Console(isQuiet: flags.quiet)
    let session = Session(options: flags.options(echo: .prompt), output: console)
    let markdown = TerminalMarkdown(width: 79, style: Style(isEnabled: false))
    for step in plan.steps {
      let code: String
      switch step {
      case .text(let text):
        console.print(markdown.render(text) + "\n")
        continue
      case .code(let step): code = step.text
      case .task(let task):
        console.print(markdown.render(task.text) + "\n")
        code = task.solution
      }
      let prompt = Prompt.cell(session.nextCellNumber)
      let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
      console.print(prompt.text + lines.joined(separator: "\n" + prompt.continuation.text))
      switch session.runCell(Source(name: "cell \(session.nextCellNumber)", text: code)) {
      case .done: console.print("")
      case .quit(let exitCode): throw ExitCode(console.close() ? exitCode : 1)
      case .failed:
        _ = console.close()
        throw ExitCode(1)
      case .interrupted:
        _ = console.close()
        throw ExitCode(130)
      }
    }
    if !console.close() { throw ExitCode(1) }
  }
}

extension PresentationCommand {
  static func magics(_ requests: Requests<PresentationCommand>) -> [Magic] {
    [
      Magic("next", summary: "go to the next cell without running this one") { _, _ in requests.add(.next) },
      Magic("back", summary: "go back by one cell") { _, _ in requests.add(.back) },
      Magic("goto", "N", summary: "go to a cell by its number") { _, rest in
        guard let number = Int(rest) else { throw Failure("write :goto and the number of a cell") }
        requests.add(.goto(number))
      },
    ]
  }
}
