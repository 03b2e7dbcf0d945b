#if canImport(Glibc)
  import Glibc
#endif

/// The cells that were typed, kept between sessions: one line of UTF-8 an entry, oldest first, in which `\\` stands
/// for a backslash and `\n` for a line break.
///
/// Sessions share the file: each appends single entries under a lock, and a rewrite keeps what the others appended.
/// A file that cannot be read or written is no error; the history then lasts as long as the session.
public final class HistoryFile {
  /// How many entries are kept.
  public static let capacity = 10_000
  /// An entry beyond this many bytes is not kept, and of a larger file only the end is read.
  private static let longestEntry = 1 << 16, longestFile = 1 << 24

  private let path: String
  private var lastEntry: String?

  public init(path: String) { self.path = path }

  /// `$XDG_STATE_HOME/passbook/history`, or `~/.local/state/passbook/history`; nothing without a home.
  public static func standardPath(environment: [String: String]) -> String? {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/passbook/history" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.local/state/passbook/history"
  }

  /// The newest entries, oldest first. Shortens a file that has outgrown its capacity.
  public func entries() -> [String] {
    guard let file = LockedFile(path: path, createsFile: false) else { return [] }
    let lines = HistoryFile.lines(of: file.tail(upTo: HistoryFile.longestFile))
    let newest = lines.suffix(HistoryFile.capacity)
    if newest.count < lines.count { file.replace(with: newest.joined(separator: "\n") + "\n") }
    let entries = newest.map(HistoryFile.unescaped)
    lastEntry = entries.last
    return entries
  }

  /// Appends an entry; answers false if it repeats the last one or is too long to be kept.
  @discardableResult
  public func append(_ entry: String) -> Bool {
    guard entry != lastEntry, !entry.isEmpty, entry.utf8.count <= HistoryFile.longestEntry else { return false }
    lastEntry = entry
    HistoryFile.makeFolders(above: path)
    LockedFile(path: path, createsFile: true)?.append(HistoryFile.escaped(entry) + "\n")
    return true
  }

  static func escaped(_ entry: String) -> String {
    var text = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\0": continue
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  static func unescaped(_ line: Substring) -> String {
    var text = ""
    var isEscaped = false
    for scalar in line.unicodeScalars where scalar != "\0" {
      if isEscaped {
        text.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func lines(of bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).split { $0 == "\n" || $0 == "\r\n" }
  }

  /// Makes the missing folders above a file, for the user alone; a failure shows when the file is opened.
  private static func makeFolders(above path: String) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
  }
}

/// An open regular file that no other session touches while it is held.
private final class LockedFile {
  private let path: String
  private let descriptor: Int32

  init?(path: String, createsFile: Bool) {
    // Another session may put a new file in place while this one waits for the lock on the old one.
    for _ in 0..<100 {
      let flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | (createsFile ? O_CREAT : 0)
      let descriptor = open(path, flags, 0o600)
      guard descriptor >= 0 else { return nil }
      var mine = stat()
      var current = stat()
      guard flock(descriptor, LOCK_EX) == 0, fstat(descriptor, &mine) == 0, mine.st_mode & S_IFMT == S_IFREG else {
        close(descriptor)
        return nil
      }
      if stat(path, &current) == 0, current.st_ino == mine.st_ino, current.st_dev == mine.st_dev {
        self.path = path
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
    return nil
  }

  deinit { close(descriptor) }

  /// The last bytes of the file, from the start of a line.
  func tail(upTo limit: Int) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return [] }
    let start = max(Int(status.st_size) - limit, 0)
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size) - start)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, start) }
    let read = bytes.prefix(max(count, 0))
    guard start > 0, let lineBreak = read.firstIndex(of: 0x0A) else { return Array(read) }
    return Array(read[(lineBreak + 1)...])
  }

  /// Adds to the end in one step.
  func append(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  /// Puts a new file in place of this one, whole or not at all.
  func replace(with text: String) {
    let draft = path + ".\(getpid())"
    let output = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard output >= 0 else { return }
    let bytes = Array(text.utf8)
    let isWhole = write(output, bytes, bytes.count) == bytes.count
    close(output)
    if isWhole { rename(draft, path) } else { unlink(draft) }
  }
}
