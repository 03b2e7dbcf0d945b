import ArgumentParser
import Runtime

/// `passbook check FILE`: parse and resolve, without running anything.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look for mistakes in scripts without running them.")

  @Argument(help: ArgumentHelp("The scripts, or - for standard input.", valueName: "file"))
  var paths: [String]

  func run() throws {
    let console = Console(isQuiet: true)
    var errorCount = 0
    for path in paths {
      let source = try ScriptFile.read(path)
      for diagnostic in ScriptFile.problems(in: source, output: console) {
        if diagnostic.severity == .error { errorCount += 1 }
        console.report(diagnostic)
      }
    }
    if errorCount > 0 { throw ExitCode(1) }
  }
}
