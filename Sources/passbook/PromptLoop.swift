import ArgumentParser
import Language
import Runtime
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
    let console = Console(isQuiet: flags.quiet)
    let recorder = Recorder(console)
    let saved = SavedSession()
    var options = flags.options(echo: .prompt)
    options.magics = saved.magics(options.magics)
    let session = Session(options: options, output: recorder)
    let history = HistoryFile.standardPath(environment: environment).map(HistoryFile.init(path:))
    let reader = ReadlineReader(style: style, history: history) { text, cursor in
      session.completions(in: text, at: cursor)
    }
    let cells = CellReader(lines: reader, isIncomplete: Parser.isIncomplete)
    console.print(style(.dim, "passbook \(passbookVersion)   ? for help, Ctrl-D leaves"))

    while true {
      let number = session.nextCellNumber
      console.flush()
      switch cells.read(number: number) {
      case .dropped: continue
      case .endOfInput: throw ExitCode(console.close() ? 0 : 1)
      case .cell(let text):
        recorder.reset()
        let outcome = session.runCell(Source(name: "cell \(number)", text: text))
        if outcome == .done { saved.add(text, recorder.outputs) }
        switch outcome {
        case .quit(let code): throw ExitCode(console.close() ? code : 1)
        case .interrupted: console.note("\ninterrupted; the variables are kept")
        case .done, .failed: break
        }
      }
    }
  }
}
