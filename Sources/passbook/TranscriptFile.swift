import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// The file that a transcript grows in, cell by cell; it begins with the first and never takes the place of another.
struct TranscriptFile {
  private let stem: String
  private let head: (_ path: String) -> String
  /// Nil before the first cell, and where no file can be written.
  private(set) var path: String?
  private var hasFailed = false

  /// - Parameters:
  ///   - stem: `lesson1` makes lesson1-transcript.pass, lesson1-transcript-2.pass and so on, in the current folder.
  ///   - head: What the file begins with.
  init(stem: String, head: @escaping (_ path: String) -> String) {
    self.stem = stem
    self.head = head
  }

  /// Appends to a transcript that is there.
  mutating func goOn(with path: String) { self.path = path }

  /// Appends a cell.
  /// - Returns: What went wrong, the first time that something does; the lesson goes on without a transcript.
  mutating func append(_ cell: String) -> String? {
    guard !hasFailed else { return nil }
    let problem = path == nil ? create() : nil
    if let problem = problem ?? write(cell) {
      hasFailed = true
      return problem
    }
    return nil
  }

  private mutating func create() -> String? {
    for number in 1...9999 {
      let name = "\(stem)-transcript\(number == 1 ? "" : "-\(number)").pass"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor < 0 {
        if errno == EEXIST { continue }
        return "\(name) cannot be written: \(String(cString: strerror(errno)))"
      }
      close(descriptor)
      path = name
      return write(head(name))
    }
    return "there are 9999 transcripts of \(stem) here; take some away"
  }

  private func write(_ text: String) -> String? {
    guard let path else { return nil }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { return "\(path) cannot be written: \(String(cString: strerror(errno)))" }
    defer { close(descriptor) }
    let failure = writeAll(Array(text.utf8), to: descriptor)
    return failure == 0 ? nil : "\(path) cannot be written: \(String(cString: strerror(failure)))"
  }
}
