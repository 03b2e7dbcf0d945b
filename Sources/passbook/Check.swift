import ArgumentParser
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// `passbook check FILE`: parse and resolve, without running anything.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look for mistakes in scripts without running them.")

  @Argument(help: ArgumentHelp("The scripts, or - for standard input.", valueName: "file"))
  var paths: [String]

  func run() throws {
    var errorCount = 0
    for path in paths {
      let source = try ScriptFile.read(path)
      for diagnostic in SessionFlags.check(source) {
        if diagnostic.severity == .error { errorCount += 1 }
        Console.report(diagnostic)
      }
    }
    if errorCount > 0 { throw ExitCode(1) }
  }
}
