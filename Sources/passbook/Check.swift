import ArgumentParser
import Notebook
import Runtime

/// `passbook check FILE`: parse and resolve, without running anything.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look for mistakes in scripts without running them.")

  @Argument(help: ArgumentHelp("The scripts, or - for standard input.", valueName: "file"))
  var paths: [String]

  @Flag(help: "Print a JSON object a line on standard output, for editors.")
  var json = false

  func run() throws {
    let console = Console(isQuiet: true)
    var errorCount = 0
    for path in paths {
      let source = try ScriptFile.read(path)
      for diagnostic in ScriptFile.problems(in: source, output: console) {
        if diagnostic.severity == .error { errorCount += 1 }
        if json { console.print(try DiagnosticLine.text(diagnostic, file: path)) } else { console.report(diagnostic) }
      }
    }
    if !console.close() || errorCount > 0 { throw ExitCode(1) }
  }
}
