import CHDF5
import Glibc

/// A process that gets a file on standard input and whose standard output is read, for a limited time and length.
final class ChildProcess {
  private let identifier: pid_t
  private let output: Int32
  private var isWaitedFor = false

  /// Milliseconds after which the caller is asked whether to go on.
  private static let interval: Int32 = 50
  /// Milliseconds that a process has between its last byte and its end.
  private static let farewell = 3000

  /// Starts a program with few variables and no open files beside the three standard ones.
  init(_ executable: String, _ arguments: [String], input: MemoryFile) throws {
    var child = chdf5_child()
    let failure = withExtendedLifetime(input) {
      Self.withStrings([executable] + arguments) { arguments in
        Self.withStrings(Self.environment) { environment in
          chdf5_start_child(executable, arguments, environment, input.descriptor, &child)
        }
      }
    }
    guard failure == 0 else { throw HDF5Error.unavailable("\(executable): system error \(failure)") }
    identifier = child.process
    output = child.output
  }

  deinit {
    if !isWaitedFor {
      kill(identifier, SIGKILL)
      _ = wait()
    }
    close(output)
  }

  /// Where its libraries are, and one thread for those that would start more; no plugins and no files to lock.
  private static var environment: [String] {
    let libraries = getenv("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH=" + String(cString: $0)] } ?? []
    return libraries + ["OPENBLAS_NUM_THREADS=1", "HDF5_USE_FILE_LOCKING=FALSE", "HDF5_PLUGIN_PRELOAD=::"]
  }

  /// Everything that the process writes until it closes its output.
  ///
  /// - Throws: `HDF5Error` for more than `limit` bytes and after `patience`, and what `poll` throws.
  func output(limit: Int, patience: Duration, poll: () throws -> Void) throws -> [UInt8] {
    let end = ContinuousClock.now + patience
    var bytes: [UInt8] = []
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    while true {
      try poll()
      guard ContinuousClock.now < end else { throw HDF5Error.late(seconds: Int(patience.components.seconds)) }
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&waiting, 1, Self.interval) > 0 else { continue }
      let length = read(output, piece.baseAddress, piece.count)
      if length == 0 { return bytes }
      guard length > 0 else {
        if errno == EINTR { continue }
        throw HDF5Error.garbled("it cannot be read (error \(errno))")
      }
      guard length <= limit - bytes.count else { throw HDF5Error.garbled("it is longer than \(limit) bytes") }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[..<length]))
    }
  }

  /// The status with which the process ended, as `waitpid` gives it; killed where it closed its output and stays.
  func wait() -> Int32 {
    var status: Int32 = 0
    for _ in 0..<Self.farewell where !isWaitedFor {
      switch waitpid(identifier, &status, WNOHANG) {
      case identifier: isWaitedFor = true
      case -1 where errno != EINTR: isWaitedFor = true
      default: usleep(1000)
      }
    }
    if !isWaitedFor {
      kill(identifier, SIGKILL)
      while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
      isWaitedFor = true
    }
    return status
  }

  /// The signal that ended a process; nil where it ended by itself.
  static func signal(of status: Int32) -> Int32? {
    let signal = status & 0x7f
    return signal == 0 ? nil : signal
  }

  /// Strings as C wants them: an array of pointers with a null behind them.
  private static func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    return body(pointers + [nil])
  }
}
