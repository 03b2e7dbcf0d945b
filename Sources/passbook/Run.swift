import ArgumentParser
import Notebook

/// `passbook run FILE`: a script from the first cell to the last, or to the first error.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a script.",
    discussion: """
      A script reads NAME=VALUE arguments as args.NAME, or args.get("NAME", default). A lesson runs with its solutions.
      """)

  @Argument(help: ArgumentHelp("The script, or - for standard input.", valueName: "file"))
  var path: String

  @Argument(help: ArgumentHelp("NAME=VALUE: what the script reads as args.NAME.", valueName: "name=value"))
  var assignments: [String] = []

  @OptionGroup var flags: SessionFlags

  @Flag(help: "Show the results of bare expressions, too.")
  var echo = false

  @Flag(help: "Put the outputs into the script, as #=> comments and figures beside it.")
  var record = false

  @Option(help: ArgumentHelp("Run and record one cell: its number, or how its title begins.", valueName: "cell"))
  var cell: String?

  func validate() throws {
    if cell != nil, !record { throw ValidationError("--cell goes with --record") }
  }

  func run() throws {
    let arguments = try ScriptArgument.parse(assignments)
    if record { return try RecordedRun(file: NotebookFile(path), flags: flags, arguments: arguments).run(cell: cell) }
    try flags.run(ScriptFile.read(path).solved, echo: echo ? .all : .nothing, arguments: arguments)
  }
}

/// One `NAME=VALUE` behind a script's name.
struct ScriptArgument: Equatable {
  var name: String
  var value: String

  /// - Throws: A usage error for a text that is no NAME=VALUE, and for a name given twice.
  static func parse(_ texts: [String]) throws -> [ScriptArgument] {
    var arguments: [ScriptArgument] = []
    for text in texts {
      guard let equals = text.firstIndex(of: "="), isName(text[..<equals]) else {
        throw ValidationError("'\(text)' is no NAME=VALUE; a script takes arguments such as epochs=3")
      }
      let name = String(text[..<equals])
      guard !arguments.contains(where: { $0.name == name }) else {
        throw ValidationError("'\(name)' is given twice")
      }
      arguments.append(ScriptArgument(name: name, value: String(text[text.index(after: equals)...])))
    }
    return arguments
  }

  /// Whether a word is NAME=VALUE and not the name of a file.
  static func isAssignment(_ text: String) -> Bool { text.firstIndex(of: "=").map { isName(text[..<$0]) } ?? false }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}
