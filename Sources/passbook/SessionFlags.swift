import ArgumentParser
import Datasets
import HDF5
import Language
import Runtime
import Terminal
import Training

/// The options that every way of running shares.
struct SessionFlags: ParsableArguments {
  @Option(help: "The seed of everything random that has no seed of its own.")
  var seed: UInt64 = 0

  @Option(help: "The number of threads; as many as there are cores if not given.")
  var threads: Int?

  @Flag(help: "Show no progress.")
  var quiet = false

  @Flag(help: "Compute networks layer by layer, on the slower reference path.")
  var exact = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024, not \(threads)")
    }
  }

  /// What a session with these flags starts from.
  func options(echo: EchoPolicy, arguments: [ScriptArgument] = []) -> SessionOptions {
    var options = SessionOptions()
    options.seed = seed
    options.threads = threads
    options.isExact = exact
    options.stackSize = largeStackBytes
    options.isQuiet = quiet
    options.echo = echo
    options.arguments = arguments.map { ($0.name, $0.value) }
    options.cloudCache = CloudCache.standard
    options.hdf5Reader = .thisProgram
    options.passphrases = .tool
    options.isInterrupted = { Interrupts.isRaised }
    return options
  }

  /// Runs a script to its end.
  /// - Throws: The exit code, if it is not 0.
  func run(_ source: Source, echo: EchoPolicy, arguments: [ScriptArgument] = []) throws {
    let console = Console(isQuiet: quiet)
    let outcome = outcome(of: source, echo: echo, arguments: arguments, output: console)
    try SessionFlags.leave(outcome, isWritten: console.close())
  }

  /// Runs a script, or cells of it, into an output.
  func outcome(
    of source: Source, echo: EchoPolicy, arguments: [ScriptArgument], output: any SessionOutput,
    cells: Set<Int>? = nil, usesCache: Bool = false
  ) -> Outcome {
    Interrupts.catchSignal()
    var options = options(echo: echo, arguments: arguments)
    if usesCache {
      options.trainingCache = TrainingCache.standard
      if options.trainingCache == nil { output.note("there is no cache: neither HOME nor XDG_CACHE_HOME is set") }
    }
    return Session(options: options, output: output).run(source, cells: cells)
  }

  /// Ends a run.
  /// - Throws: The exit code of its outcome, if it is not 0.
  static func leave(_ outcome: Outcome, isWritten: Bool) throws {
    switch outcome {
    case .done: if !isWritten { throw ExitCode(1) }
    case .failed: throw ExitCode(1)
    case .interrupted:
      reportError("interrupted")
      throw ExitCode(130)
    case .quit(let code): throw ExitCode(code)
    }
  }
}
