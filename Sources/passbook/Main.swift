import ArgumentParser
import Files
import HDF5
import Kernels
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// The process: a thread with room for deep recursion, the command line, and the exit code.
@main
enum Main {
  static func main() {
    // Before anything else: as a reader of HDF5 files this process must not become the tool.
    if let code = HDF5Worker.run(CommandLine.arguments) { exit(code) }
    restartWithBetterCore()
    signal(SIGPIPE, SIG_DFL)  // `passbook run x | head` ends quietly even where the caller ignores broken pipes
    let code = runOnLargeStack { Main.execute(Array(CommandLine.arguments.dropFirst())) }
    guard let code else {
      reportError("there is not enough memory for the stack of the evaluator (\(largeStackBytes >> 20) MB)")
      exit(1)
    }
    exit(code)
  }

  /// Starts the process anew where OpenBLAS did not know the processor when it was loaded, and tells it.
  private static func restartWithBetterCore() {
    guard getenv(OpenBLASCore.variable) == nil, let core = OpenBLASCore.better else { return }
    setenv(OpenBLASCore.variable, core, 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Where that is not possible it is only slower.
  }

  /// Runs the command that the arguments name.
  /// - Returns: 0; 1 for errors, failed `expect` lines and checks; 2 for usage and unreadable scripts; 130 after Ctrl-C
  ///   under `run`.
  static func execute(_ arguments: [String]) -> Int32 {
    do {
      var command = try Passbook.parseAsRoot(withImpliedCommand(arguments))
      try command.run()
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch let error as UnreadableScript {
      reportError(error.description)
      return 2
    } catch let error as FileError {
      reportError(error.description)
      return 1
    } catch {
      guard Passbook.exitCode(for: error).isSuccess else {
        reportError("\(Passbook.message(for: error)); passbook --help shows the usage")
        return 2
      }
      writeAll(Array((Passbook.fullMessage(for: error) + "\n").utf8), to: STDOUT_FILENO)
      return 0
    }
  }

  /// `passbook lesson.pass` is `passbook run lesson.pass`, so that `#!/usr/bin/env passbook` works.
  private static func withImpliedCommand(_ arguments: [String]) -> [String] {
    guard let first = arguments.first, !first.hasPrefix("-"), first.hasSuffix(".pass") || first.contains("/") else {
      return arguments
    }
    return ["run"] + arguments
  }
}
