import ArgumentParser
import Notebook
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// `passbook present FILE`: step through a script before a class.
struct Present: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Step through a script: Enter types the next cell, where it can be changed before it runs.",
    discussion: """
      :next and :back move by one cell without running it, :goto N moves to cell N. Any line may be typed in between. \
      Away from a terminal the cells run one after the other.
      """)

  @Argument(help: ArgumentHelp("The script, or a lesson, whose solutions are shown.", valueName: "file"))
  var path: String

  @OptionGroup var flags: SessionFlags

  func run() throws {
    let plan = LessonPlan(try ScriptFile.read(path))
    for diagnostic in plan.diagnostics { Console.report(diagnostic) }
    if plan.hasErrors { throw ExitCode(1) }
    guard !plan.steps.isEmpty else { throw UnreadableScript(description: "\(path) has nothing to present") }
    if isTerminal(STDIN_FILENO), isTerminal(STDOUT_FILENO) {
      try PresentLoop(plan, flags: flags).run()
    } else {
      try PresentWithoutTerminal(plan: plan, flags: flags).run()
    }
  }
}
