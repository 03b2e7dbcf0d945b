import Language
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// Where a session of the tool writes: results to standard output, diagnostics and progress to standard error.
final class Console: SessionOutput {
  private let output = BufferedOutput(descriptor: STDOUT_FILENO)

  func print(_ text: String) { output.write(text) }

  func report(_ diagnostic: Diagnostic) {
    output.flush()  // so that an error stands below what was printed before it
    Console.report(diagnostic)
  }

  static func report(_ diagnostic: Diagnostic) { reportError(diagnostic.message) }

  func flush() { output.flush() }

  /// Writes what is left.
  /// - Throws: Nothing for success; says so and answers false if the output could not be written, as on a full disk.
  func close() -> Bool {
    output.flush()
    guard let failure = output.failureText else { return true }
    reportError("standard output cannot be written: \(failure)")
    return false
  }
}
