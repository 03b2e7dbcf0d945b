import ArgumentParser
import Files
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// Where a command writes its one result.
enum OutputFile {
  /// Replaces a file whole, or writes to standard output for `-`.
  ///
  /// - Throws: Exit code 1 where that is not possible; it has been said.
  static func write(_ text: String, to path: String) throws {
    let bytes = Array(text.utf8)
    if path == "-" {
      let failure = writeAll(bytes, to: STDOUT_FILENO)
      guard failure != 0 else { return }
      reportError("standard output cannot be written: \(String(cString: strerror(failure)))")
      throw ExitCode(1)
    }
    do {
      try AtomicFile.write(bytes, to: path)
    } catch let error as FileError {
      reportError(error.description)
      throw ExitCode(1)
    }
  }
}
