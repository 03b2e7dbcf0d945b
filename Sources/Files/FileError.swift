import Glibc

/// What went wrong with one file, in words for the person who named it.
public struct FileError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The file as it was named.
  public let path: String
  /// What was expected, what was found, and what to do.
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }

  /// The error that a system call left in `errno`; `action` completes "cannot …".
  init(path: String, action: String, code: Int32) {
    self.init(path: path, reason: "cannot \(action), \(Self.plainWords(code))")
  }

  private static func plainWords(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file or folder; check the spelling"
    case ENOTDIR: "a part of the path is a file and not a folder"
    case EACCES, EPERM: "permission denied; check who owns it"
    case EISDIR: "it is a folder; name a file"
    case EROFS: "the file system is read-only; choose another folder"
    case ENOSPC: "the disk is full; free some space or choose another folder"
    case EDQUOT: "the disk quota is used up; free some space or choose another folder"
    case EFBIG: "the file would be larger than the file system or the shell's limit allows"
    case ENAMETOOLONG: "the name is too long"
    case ELOOP: "the links go round in a circle"
    case EMFILE, ENFILE: "too many files are open"
    case EIO: "the device reports an input or output error"
    default: "the system reports error \(code)"
    }
  }
}

/// A path that the system reads as it was written: not empty, and without the zero byte that would cut it short.
func checkedPath(_ path: String) throws -> String {
  guard !path.isEmpty else { throw FileError(path: "\"\"", reason: "the path is empty; name a file") }
  guard !path.utf8.contains(0) else {
    throw FileError(path: path.replacingZeroBytes, reason: "the path holds a zero byte; name a file without one")
  }
  return path
}

extension String {
  fileprivate var replacingZeroBytes: String { String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) }
}

/// Repeats a system call that a signal interrupted.
func retryingInterrupts(_ call: () -> Int) -> Int {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
