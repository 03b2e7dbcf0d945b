import ArgumentParser
import Terminal

/// The prompt: read a cell, run it, show what it gives, until Ctrl-D or `:quit`.
struct PromptLoop {
  let flags: SessionFlags
  let readsInitFile: Bool

  func run() throws {
    let desk = InteractiveSession(flags: flags)
    desk.console.print(desk.style(.dim, "passbook \(passbookVersion)   ? for help, Ctrl-D leaves"))
    if readsInitFile, let path = InitFile.path(environment: environmentVariables()) { InitFile.run(path, at: desk) }
    while true {
      desk.console.flush()
      let number = desk.session.nextCellNumber
      let prompt = desk.session.isWhatIf ? Prompt("whatif \(number)> ", .bold) : Prompt.cell(number)
      switch desk.cells.read(prompt: prompt) {
      case .dropped, .blank: continue
      case .endOfInput: throw ExitCode(desk.console.close() ? 0 : 1)
      case .cell(let text):
        if case .quit(let code) = desk.run(text) { throw ExitCode(desk.console.close() ? code : 1) }
      }
    }
  }
}
