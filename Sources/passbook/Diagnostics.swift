import ArgumentParser

import struct Language.Diagnostic

/// Diagnostics on their way to standard error.
enum Diagnostics {
  /// - Throws: Exit code 1 if there is an error among them.
  static func report(_ diagnostics: [Diagnostic]) throws {
    diagnostics.forEach(Console.report)
    if diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
  }
}
