/// What can go wrong with data that a user names: one case per mistake, the text in `description`.
public enum DatasetError: Error, Equatable, Sendable {
  /// A path does not lead to what is needed; `expected` names it, `help` says how to come by it.
  case missing(path: String, expected: String, help: String)
  /// The system refused to open or read a file.
  case unreadable(path: String, reason: String)
  /// The bytes at `offset` are not what the format asks for.
  case malformed(path: String, offset: Int, expected: String, found: String)
  /// A file of fixed-length records ends inside one of them.
  case tornRecord(path: String, offset: Int, length: Int, recordLength: Int)
  /// A label byte names no class.
  case badLabel(path: String, offset: Int, record: Int, label: Int, kind: String, classes: Int)
  /// A file, a picture or a request is larger than this tool accepts.
  case tooLarge(path: String, what: String, limit: String)
  /// A picture cannot be decoded or has no room for what was asked of it.
  case picture(path: String, reason: String)
  /// Images, labels or arguments do not fit each other.
  case request(String)
}

extension DatasetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let path, let expected, let help):
      // What there is none of reads better said so.
      expected.hasPrefix("any ")
        ? "\(path): there is no \(expected.dropFirst(4)); \(help)" : "\(path): \(expected) is missing; \(help)"
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .malformed(let path, let offset, let expected, let found):
      "\(path): at byte \(offset): expected \(expected), found \(found)"
    case .tornRecord(let path, let offset, let length, let recordLength):
      "\(path): at byte \(offset): the last record has \(length) of \(recordLength) bytes; "
        + "the file is cut off, fetch it again or cut it to a whole number of records"
    case .badLabel(let path, let offset, let record, let label, let kind, let classes):
      "\(path): at byte \(offset) (record \(record)): expected a \(kind) of 0 to \(classes - 1), found \(label); "
        + "the file is damaged or of another format"
    case .tooLarge(let path, let what, let limit):
      "\(path): \(what); at most \(limit) is read"
    case .picture(let path, let reason):
      "\(path): \(reason)"
    case .request(let text):
      text
    }
  }
}
