import ArgumentParser
import Files
import Language
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// The version that `--version` prints.
let passbookVersion = ToolVersion.text

/// `passbook`: the prompt, a pipe, or `-e CODE`; and the place where the other commands hang.
struct Passbook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passbook",
    abstract: "Protect deep networks with passport-aware normalisation, line by line.",
    discussion: """
      Without a command it opens the prompt, or runs the script on standard input if that is not a terminal.
      `passbook FILE.pass` is short for `passbook run FILE.pass`.

      Exit codes: 0; 1 for an error, a failed expect or a failed check; 2 for wrong usage or an unreadable \
      script; 130 after Ctrl-C.
      """,
    version: "passbook \(passbookVersion)",
    subcommands: [
      Run.self, Replay.self, Lesson.self, Present.self, Export.self, Verify.self, JudgeCommand.self, Check.self,
      Reference.self, Cache.self, Bench.self, Manual.self, Editors.self,
    ])

  @Option(name: .customShort("e"), help: ArgumentHelp("Run this code, show its results, and leave.", valueName: "code"))
  var code: String?

  @Flag(help: "Open the prompt without running ~/.config/passbook/init.pass.")
  var noInit = false

  @OptionGroup var flags: SessionFlags

  func run() throws {
    if let code {
      try flags.run(Source(name: "-e", text: code), echo: .all)
    } else if isTerminal(STDIN_FILENO) {
      try PromptLoop(flags: flags, readsInitFile: !noInit).run()
    } else {
      try flags.run(ScriptFile.read("-"), echo: .all)
    }
  }
}
