#if canImport(Glibc)
  import Glibc
#endif

/// Shows text on standard output as if somebody typed it. Without a terminal it is written at once and without control
/// bytes.
public struct Typewriter {
  private let delay: Double
  private let isInterrupted: () -> Bool

  /// - Parameters:
  ///   - charactersPerSecond: 0 writes at once.
  ///   - isInterrupted: Asked between characters; true ends the typing.
  public init(charactersPerSecond: Double, isInterrupted: @escaping () -> Bool) {
    delay = charactersPerSecond > 0 && isTerminal(STDOUT_FILENO) ? 1 / charactersPerSecond : 0
    self.isInterrupted = isInterrupted
  }

  /// Shows text at once.
  public func show(_ text: String) { writeAll(Array(text.utf8), to: STDOUT_FILENO) }

  /// Types lines behind their prompts. Enter or the space bar shows the rest at once.
  public func type(_ lines: [(prompt: String, text: String)]) {
    let keys = delay > 0 ? KeyWatch() : nil
    var isHurried = delay == 0
    for line in lines {
      show(line.prompt)
      if isHurried {
        show(line.text)
      } else {
        for character in line.text {
          show(String(character))
          if isHurried || isInterrupted() { continue }
          isHurried = pause(keys)
        }
      }
      show("\n")
    }
  }

  /// Waits for the next character; true if a key says not to.
  private func pause(_ keys: KeyWatch?) -> Bool {
    guard let keys else {
      usleep(UInt32(delay * 1e6))
      return false
    }
    return keys.isPressed(within: delay)
  }
}

/// Standard input by single keys, unseen, for as long as it lives; Ctrl-C stays what it is.
private final class KeyWatch {
  private var saved = termios()

  /// Nothing where standard input is no terminal.
  init?() {
    guard isTerminal(STDIN_FILENO), tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var single = saved
    single.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(STDIN_FILENO, TCSANOW, &single) == 0 else { return nil }
  }

  deinit { tcsetattr(STDIN_FILENO, TCSANOW, &saved) }

  /// Waits so many seconds at most; true once Enter or the space bar is pressed, or the input has ended.
  func isPressed(within seconds: Double) -> Bool {
    let end = monotonicSeconds() + seconds
    while true {
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let left = max(0, end - monotonicSeconds())
      guard poll(&input, 1, Int32((left * 1000).rounded(.up))) > 0 else { return false }
      var key: UInt8 = 0
      guard read(STDIN_FILENO, &key, 1) == 1 else { return true }
      if [0x0A, 0x0D, 0x20].contains(key) { return true }
    }
  }
}
