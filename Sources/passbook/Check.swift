import ArgumentParser
import Notebook
import Runtime

#if canImport(Glibc)
  import Glibc
#endif

/// `passbook check FILE`: parse and resolve, without running anything.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look for mistakes in scripts without running them.")

  @Argument(
    help: ArgumentHelp(
      "The scripts, or - for standard input; a script's NAME=VALUE arguments change nothing.", valueName: "file"))
  var paths: [String]

  @Flag(help: "Print a JSON object a line on standard output, for editors.")
  var json = false

  func run() throws {
    let console = Console(isQuiet: true)
    var errorCount = 0
    for path in paths where !isArgument(path) {
      let source = try ScriptFile.read(path)
      for diagnostic in ScriptFile.problems(in: source, output: console) {
        if diagnostic.severity == .error { errorCount += 1 }
        if json { console.print(try DiagnosticLine.text(diagnostic, file: path)) } else { console.report(diagnostic) }
      }
    }
    if !console.close() || errorCount > 0 { throw ExitCode(1) }
  }

  func validate() throws {
    if paths.allSatisfy(isArgument) { throw ValidationError("there is no script among the arguments") }
  }

  /// Whether it is what `run` would hand to the script: the same line is checked before it is run.
  private func isArgument(_ text: String) -> Bool {
    (try? ScriptArgument.parse([text])) != nil && access(text, F_OK) != 0
  }
}
