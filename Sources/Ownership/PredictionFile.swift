import Files

/// What a model that one cannot open said of the triggers: lines "trigger,predicted" of whole numbers.
///
/// The first line may be that header. Triggers count from 0 in the order of the trigger set, stand in any order, and
/// each stands once; predictions are classes from 0 on. White space around numbers and empty lines are passed over.
public enum PredictionFile {
  /// The longest file that is read.
  public static let mostBytes = 1 << 26
  private static let header = ["trigger", "predicted"]

  /// The class of each trigger, by trigger.
  ///
  /// - Parameters:
  ///   - count: How many triggers there are.
  ///   - classes: How many classes there are.
  /// - Throws: `FileError` that names the line at fault.
  public static func read(_ path: String, count: Int, classes: Int) throws -> [Int32] {
    try read(FileReader.contents(of: path, limit: mostBytes), path: path, count: count, classes: classes)
  }

  static func read(_ bytes: [UInt8], path: String, count: Int, classes: Int) throws -> [Int32] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(path: path, reason: "the file is no text in UTF-8; expected lines \"trigger,predicted\"")
    }
    var rows = Rows(path: path, count: count, classes: classes)
    // A mark of UTF-8 at the start is left by spreadsheets.
    let body = text.unicodeScalars.first == "\u{FEFF}" ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
    var isFirst = true
    for (number, line) in body.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
      if fields == [""] { continue }
      if isFirst, fields.map({ $0.lowercased() }) == header {
        isFirst = false
        continue
      }
      isFirst = false
      try rows.add(fields, line: number + 1)
    }
    return try rows.predictions()
  }

  private static func trimmed(_ field: Substring.UnicodeScalarView) -> String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }
    var field = field
    while let first = field.first, isSpace(first) { field.removeFirst() }
    while let last = field.last, isSpace(last) { field.removeLast() }
    return String(field)
  }

  /// What was read so far, and where.
  private struct Rows {
    let path: String
    let count: Int
    let classes: Int
    /// Class and line by trigger.
    private var found: [(label: Int32, line: Int)?]
    private var given = 0

    init(path: String, count: Int, classes: Int) {
      self.path = path
      self.count = max(count, 0)
      self.classes = classes
      found = Array(repeating: nil, count: self.count)
    }

    mutating func add(_ fields: [String], line: Int) throws {
      guard fields.count == 2, let trigger = Self.number(fields[0]), let label = Self.number(fields[1]) else {
        let shown = String(fields.joined(separator: ",").prefix(40).filter { $0.isASCII && !$0.isNewline })
        throw failure(line, "expected a trigger and a class as two whole numbers, \"0,3\", found \"\(shown)\"")
      }
      guard found.indices.contains(trigger) else {
        throw failure(line, "there is no trigger \(trigger); they are 0 to \(count - 1)")
      }
      guard 0..<classes ~= label, let label = Int32(exactly: label) else {
        throw failure(line, "\(label) is no class; they are 0 to \(classes - 1)")
      }
      if let first = found[trigger] {
        throw failure(line, "trigger \(trigger) stands twice, first in line \(first.line)")
      }
      found[trigger] = (label, line)
      given += 1
    }

    func predictions() throws -> [Int32] {
      guard let missing = found.firstIndex(where: { $0 == nil }) else { return found.compactMap { $0?.label } }
      let others = count - given - 1
      throw FileError(
        path: path,
        reason: "trigger \(missing)\(others > 0 ? " and \(others) more" : "") is missing; "
          + "expected a line for each of \(count) triggers, found \(given)")
    }

    private func failure(_ line: Int, _ reason: String) -> FileError {
      FileError(path: path, reason: "line \(line): \(reason)")
    }

    /// Digits only: no sign, no point.
    private static func number(_ text: String) -> Int? {
      text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? Int(text) : nil
    }
  }
}
