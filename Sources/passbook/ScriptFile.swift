import Language
import Notebook
import Runtime
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// Why a script cannot be read, and what to do.
struct UnreadableScript: Error, CustomStringConvertible, Equatable {
  let description: String
}

/// Reading of scripts: whole, bounded, and as text.
enum ScriptFile {
  /// More than a thousand lessons; what is larger is no script.
  static let largestSize = 16 << 20

  /// What some editors put in front of UTF-8 text.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Reads the script at a path; `-` is standard input, where a copied screen is a script too.
  static func read(_ path: String) throws -> Source {
    if path == "-" {
      let source = try read(STDIN_FILENO, name: "standard input")
      return Source(name: source.name, text: Transcript.input(of: source.text))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    return try read(descriptor, name: path)
  }

  /// Reads a script from an open descriptor to its end.
  static func read(_ descriptor: Int32, name: String) throws -> Source {
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > largestSize {
      throw tooLarge(name)
    }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { break }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw unreadable(name, errno)
      }
      if piece[..<count].contains(0) {
        throw UnreadableScript(description: "\(name) is binary, not a script (a zero byte in it)")
      }
      bytes += piece[..<count]
      if bytes.count > largestSize { throw tooLarge(name) }
    }
    return Source(name: name, text: try text(of: bytes, name: name))
  }

  /// What is wrong with a script, without running it; a lesson is looked at with its solutions.
  static func problems(in source: Source, output: Console) -> [Diagnostic] {
    let session = Session(options: SessionOptions(), output: output)
    guard LessonPlan.isLesson(source) else { return session.check(source) }
    let plan = LessonPlan(source)
    return plan.hasErrors ? plan.diagnostics : plan.diagnostics + session.check(source.solved)
  }

  /// The text, without a byte order mark.
  private static func text(of bytes: [UInt8], name: String) throws -> String {
    let hasMark = bytes.starts(with: byteOrderMark)
    let content = hasMark ? bytes[byteOrderMark.count...] : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      let line = 1 + bytes.prefix(lengthOfValidPrefix(of: content)).count { $0 == 0x0A }
      throw UnreadableScript(
        description: "\(name) is not UTF-8 text, first in line \(line); convert it, for example with iconv")
    }
    return text
  }

  /// How many bytes come before the first that is not UTF-8.
  private static func lengthOfValidPrefix(of bytes: ArraySlice<UInt8>) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var length = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { length += UTF8.width(scalar) }
    return length
  }

  private static func unreadable(_ name: String, _ code: Int32) -> UnreadableScript {
    switch code {
    case ENOENT: UnreadableScript(description: "there is no file \(name)")
    case EISDIR: UnreadableScript(description: "\(name) is a folder; name a script, such as \(name)/lesson.pass")
    case EACCES: UnreadableScript(description: "\(name) may not be read; see its permissions with ls -l")
    default: UnreadableScript(description: "\(name) cannot be read: \(String(cString: strerror(code)))")
    }
  }

  private static func tooLarge(_ name: String) -> UnreadableScript {
    UnreadableScript(
      description: "\(name) is larger than \(largestSize >> 20) MB, too large for a script; load data with a function")
  }
}
