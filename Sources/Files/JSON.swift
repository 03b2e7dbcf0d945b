/// A JSON value (RFC 8259); objects keep the order of their members.
public indirect enum JSON: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// A number written without point and exponent that an `Int` holds.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  /// One name and its value in an object.
  public struct Member: Hashable, Sendable {
    public let name: String
    public let value: JSON

    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// A text that is no JSON, or a value that JSON cannot hold.
  public struct Failure: Error, Equatable, CustomStringConvertible, Sendable {
    /// What was expected, what was found.
    public let reason: String
    /// Byte of the text at which reading stopped; `nil` where a value could not be written.
    public let offset: Int?

    public var description: String { offset.map { "JSON, byte \($0): \(reason)" } ?? "JSON: \(reason)" }
  }

  /// The deepest nesting that is read and written.
  public static let deepest = 128

  /// The value of a member of an object; `nil` for other names and other values.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// Canonical text: no white space, members in their order, the shortest digits that read back the same.
  ///
  /// Throws for infinities, NaN, and nesting deeper than `deepest`.
  public func text() throws(Failure) -> String {
    var text = ""
    try write(to: &text, depth: 0)
    return text
  }

  private func write(to text: inout String, depth: Int) throws(Failure) {
    guard depth <= Self.deepest else {
      throw Failure(reason: "the value nests deeper than \(Self.deepest)", offset: nil)
    }
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += value.description
    case .number(let value):
      guard value.isFinite else { throw Failure(reason: "it has no way to write the number \(value)", offset: nil) }
      text += value.description
    case .string(let value): Self.write(value, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        try value.write(to: &text, depth: depth + 1)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.write(member.name, to: &text)
        text += ":"
        try member.value.write(to: &text, depth: depth + 1)
      }
      text += "}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case ..<" ": text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
