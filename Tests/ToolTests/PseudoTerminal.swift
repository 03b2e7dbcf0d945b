import Foundation
import Testing

/// The tool at the keyboard: a program in a pseudo-terminal, keys to send, and output to wait for.
final class PseudoTerminal {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let controller: Int32
  private let process: pid_t
  private var readCount = 0
  /// Everything that the program has written so far.
  private(set) var transcript: [UInt8] = []

  init(_ arguments: [String], environment: [String: String], columns: UInt16 = 80) throws {
    var controller: Int32 = -1
    var user: Int32 = -1
    var name = [CChar](repeating: 0, count: 128)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&controller, &user, &name, nil, &size) == 0 else {
      throw Failure(description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
    }
    for descriptor in [controller, user] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    defer { close(user) }  // or the end of the program would not be the end of the output
    self.controller = controller

    // A session of its own: the first terminal that it opens becomes its controlling one, so that Ctrl-C is SIGINT.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var defaults = sigset_t()
    sigfillset(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    posix_spawnattr_setsigmask(&attributes, &unblocked)
    let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID, which glibc hides without _GNU_SOURCE
    posix_spawnattr_setflags(&attributes, newSession | Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    defer {
      posix_spawnattr_destroy(&attributes)
      posix_spawn_file_actions_destroy(&actions)
    }
    var words = arguments.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var process = pid_t()
    let failure = posix_spawn(&process, arguments[0], &actions, &attributes, &words, &variables)
    guard failure == 0 else { throw Failure(description: "\(arguments[0]): \(String(cString: strerror(failure)))") }
    self.process = process
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    close(controller)
  }

  func send(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = write(controller, bytes, bytes.count)
  }

  func resize(columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
  }

  /// Waits until the program has written the text, and answers what came before it since the last call.
  @discardableResult
  func expect(_ text: String, within seconds: Double = 10) throws -> String {
    let deadline = Date().addingTimeInterval(seconds)
    while true {
      let unread = visibleText.dropFirst(readCount)
      if let range = unread.firstRange(of: text) {
        readCount += unread[..<range.upperBound].count
        return String(unread[..<range.lowerBound])
      }
      guard Date() < deadline, readSome(within: 0.05) else {
        throw Failure(description: "waited for \(text.debugDescription), got \(unread.debugDescription)")
      }
    }
  }

  /// Waits for the end of the program, and answers its exit code (128 + signal if one ended it).
  func exitCode(within seconds: Double = 10) throws -> Int32 {
    let deadline = Date().addingTimeInterval(seconds)
    while Date() < deadline {
      _ = readSome(within: 0.02)
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process {
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
      }
    }
    throw Failure(description: "still running, after \(visibleText.debugDescription)")
  }

  /// Takes what has arrived; false at the end of the output.
  private func readSome(within seconds: Double) -> Bool {
    var waiting = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, Int32(seconds * 1000)) > 0 else { return true }
    var piece = [UInt8](repeating: 0, count: 4096)
    let count = read(controller, &piece, piece.count)
    guard count > 0 else { return false }
    transcript += piece[..<count]
    return true
  }

  /// The transcript without control sequences, bells and carriage returns.
  private var visibleText: String {
    var text = String(decoding: transcript.filter { $0 != 13 && $0 != 7 }, as: UTF8.self)
    text.replace(/\u{1B}\[[?0-9;]*[a-zA-Z@]/, with: "")
    return text
  }
}
