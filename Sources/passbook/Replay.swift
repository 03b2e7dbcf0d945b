import ArgumentParser
import Files
import Notebook
import Runtime
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// `passbook replay FILE`: a script typed before one's eyes, or run again and compared with its record.
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Type a script visibly and show its outputs, or compare it with its record.",
    discussion: """
      Enter or the space bar ends the typing of a cell. --check and --update compare by value: numbers by a tolerance \
      (61.4% ± 0.5 on record, or #%% title [± 5%] for a cell), … stands for anything, durations are not compared.
      """)

  @Argument(
    help: ArgumentHelp("The scripts, and NAME=VALUE that they read as args.NAME.", valueName: "file or name=value"))
  var words: [String]

  @Flag(help: "Compare the outputs with those on record; differences exit with 1.")
  var check = false

  @Flag(help: "Put the outputs that differ on record, in place.")
  var update = false

  @Flag(help: "Take trainings from the cache, and keep them there; passbook cache shows it.")
  var fast = false

  @Option(help: "How many characters are typed a second; 0 shows each cell at once.")
  var speed = 40.0

  @OptionGroup var flags: SessionFlags

  func validate() throws {
    guard !(check && update) else {
      throw ValidationError("--check and --update exclude each other; --update compares too")
    }
    guard speed == 0 || (1...10_000).contains(speed) else {
      throw ValidationError("--speed takes characters a second, from 1 to 10000, or 0, not \(speed)")
    }
    guard !paths.isEmpty else { throw ValidationError("name a script to replay") }
  }

  private var paths: [String] { words.filter { !ScriptArgument.isAssignment($0) } }

  func run() throws {
    let arguments = try ScriptArgument.parse(words.filter(ScriptArgument.isAssignment))
    var worst: Int32 = 0
    for path in paths {
      do {
        try check || update ? compare(path, arguments) : play(path, arguments)
      } catch let error as UnreadableScript {
        reportError(error.description)
        worst = 2
      } catch let code as ExitCode {
        worst = max(worst, code.rawValue)
        if code.rawValue != 1 { break }  // Ctrl-C, or :quit
      }
    }
    if worst != 0 { throw ExitCode(worst) }
  }

  /// Types a script, and shows what its cells give.
  private func play(_ path: String, _ arguments: [ScriptArgument]) throws {
    let document = Document(try ScriptFile.read(path))
    let console = Console(isQuiet: flags.quiet)
    let typist = TypedCells(document, console, charactersPerSecond: speed)
    let outcome = flags.outcome(of: document.code, echo: .all, arguments: arguments, output: typist, usesCache: fast)
    if outcome == .done { typist.showRest() }
    try SessionFlags.leave(outcome, isWritten: console.close())
  }

  /// Runs a script and says what differs from its record, or puts it right.
  private func compare(_ path: String, _ arguments: [ScriptArgument]) throws {
    let file = try NotebookFile(path)
    // A bar is for somebody who waits; lines of progress would only hide what differs.
    let console = Console(isQuiet: flags.quiet || !isTerminal(STDERR_FILENO))
    file.warnings.forEach(console.report)
    let recorder = Recorder(QuietOutput(console: console))
    let outcome = flags.outcome(
      of: file.document.code, echo: .all, arguments: arguments, output: recorder, usesCache: fast)
    console.flush()
    let outputs = recorder.outputs
    let compared = file.document.comparedLines(with: outputs)
    let ending = outcome == .done ? "" : "; the run did not come to its end"
    var hasFailed = outcome != .done
    if update {
      let record = Record(file.document, with: outputs, figures: file.figures)
      do {
        try file.write(record)
      } catch let error as FileError {
        reportError(error.description)
        throw ExitCode(1)
      }
      console.note("\(path): \(record.changedLines) of \(counted(compared, "output")) updated\(ending)")
    } else {
      let mismatches = file.document.mismatches(with: outputs, figures: file.figures)
      mismatches.forEach(console.report)
      hasFailed = hasFailed || !mismatches.isEmpty
      let verdict = mismatches.isEmpty ? "as recorded" : counted(mismatches.count, "difference")
      console.note("\(path): \(counted(compared, "output")), \(verdict)\(ending)")
    }
    if case .quit(let code) = outcome, code == 0 { hasFailed = false }
    if outcome == .interrupted { throw ExitCode(130) }
    if hasFailed { throw ExitCode(1) }
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
