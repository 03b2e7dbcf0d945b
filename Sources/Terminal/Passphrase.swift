#if canImport(Glibc)
  import Glibc
#endif

/// Asks for a pass phrase at the terminal itself, unseen: what is piped into the process stays what it is.
public enum Passphrase {
  /// Why there is none.
  public enum Failure: Error, Equatable {
    /// The process has no terminal.
    case noTerminal
    /// Ctrl-C, or the end of the input.
    case interrupted
  }

  /// The bytes of one line, without its end.
  ///
  /// - Parameter prompt: Shown before the cursor.
  public static func ask(_ prompt: String) throws(Failure) -> [UInt8] {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard terminal >= 0 else { throw .noTerminal }
    defer { close(terminal) }
    var saved = termios()
    guard tcgetattr(terminal, &saved) == 0 else { throw .noTerminal }
    var unseen = saved
    unseen.c_lflag &= ~tcflag_t(ECHO)
    unseen.c_lflag |= tcflag_t(ICANON | ISIG)
    // Ctrl-Z would hand the terminal to a shell, and come back with what is typed to be seen.
    withUnsafeMutableBytes(of: &unseen.c_cc) { $0[Int(VSUSP)] = 0 }
    guard tcsetattr(terminal, TCSAFLUSH, &unseen) == 0 else { throw .noTerminal }
    defer {
      tcsetattr(terminal, TCSAFLUSH, &saved)
      writeAll([0x0A], to: terminal)
    }
    writeAll(Array(prompt.utf8), to: terminal)
    return try line(from: terminal)
  }

  private static func line(from terminal: Int32) throws(Failure) -> [UInt8] {
    var line: [UInt8] = []
    while true {
      var input = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
      // The signal may have come before the wait began, so it ends now and then.
      let isReady = poll(&input, 1, 200) > 0
      if Interrupts.isRaised { throw .interrupted }
      guard isReady else { continue }
      var byte: UInt8 = 0
      guard read(terminal, &byte, 1) == 1 else { throw .interrupted }
      if byte == 0x0A { return line }
      if byte >= 0x20 { line.append(byte) }
    }
  }
}
