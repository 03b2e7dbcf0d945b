import ArgumentParser
import Language
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// The prompt: read a cell, run it, show what it gives, until Ctrl-D or `:quit`.
struct PromptLoop {
  let flags: SessionFlags

  func run() throws {
    Interrupts.catchSignal()
    let environment = environmentVariables()
    let style = Style(descriptor: STDOUT_FILENO, environment: environment)
    let console = Console()
    let session = flags.session(output: console, echoes: true, arguments: [])
    let history = HistoryFile.standardPath(environment: environment).map(HistoryFile.init(path:))
    let reader = ReadlineReader(style: style, history: history) { text, cursor in
      session.completions(in: text, at: cursor)
    }
    let cells = CellReader(lines: reader, isIncomplete: Session.isIncomplete)
    console.print(style(.dim, "passbook \(passbookVersion)   ? for help, Ctrl-D leaves") + "\n")

    var number = 1
    while true {
      console.flush()
      Interrupts.clear()
      switch cells.read(number: number) {
      case .dropped: continue
      case .endOfInput:
        console.print("\n")
        throw ExitCode(console.close() ? 0 : 1)
      case .cell(let text):
        if case .quit(let code) = session.run(Source(name: "cell \(number)", text: text)) {
          throw ExitCode(console.close() ? code : 1)
        }
        number += 1
      }
    }
  }
}
