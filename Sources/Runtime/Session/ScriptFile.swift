import Glibc

/// Reading and writing scripts: regular files of UTF-8 text, at most 16 MB.
public enum ScriptFile {
  static let maximumSize = 16 << 20

  /// The text of a script; a directory, a device, a huge or a binary file is an error that says so.
  public static func read(_ path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw Failure("cannot read \(path): \(reason)") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw Failure("cannot read \(path): \(reason)") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure("\(path) is no regular file") }
    guard status.st_size <= maximumSize else {
      throw Failure("\(path) is larger than the \(maximumSize >> 20) MB that a script may have")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure("cannot read \(path): \(reason)") }
      if count == 0 { break }
      filled += count
    }
    guard let text = String(validating: bytes.prefix(filled), as: UTF8.self) else {
      throw Failure("\(path) is not UTF-8 text")
    }
    return text
  }

  /// Where a script finds a file that it names: beside itself, or else in the current folder.
  ///
  /// - Parameter script: the path of the script; none for what is typed.
  static func locate(_ path: String, beside script: String?) -> String {
    guard let script, !path.hasPrefix("/"), let slash = script.lastIndex(of: "/") else { return path }
    let neighbour = script[...slash] + path
    return access(String(neighbour), F_OK) == 0 ? String(neighbour) : path
  }

  /// Replaces a file whole: it is written beside and renamed.
  static func write(_ text: String, to path: String) throws {
    let temporary = path + ".part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw Failure("cannot write \(path): \(reason)") }
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + written }, $0.count - written) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      written += count
    }
    let isWhole = written == bytes.count && fsync(file) == 0
    guard close(file) == 0, isWhole, rename(temporary, path) == 0 else {
      let failure = Failure("cannot write \(path): \(reason)")
      unlink(temporary)
      throw failure
    }
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
