/// A text that is parsed: a script file, one cell typed at the prompt, or the argument of `-e`.
public final class Source: Sendable {
  /// What diagnostics print before line and column: `lesson1.pass`, `cell 7`, `-e`.
  public let name: String
  /// The text, as read.
  public let text: String
  /// The text in UTF-8; every `Span` counts in these bytes.
  public let bytes: [UInt8]
  /// Byte offset at which each line starts; never empty.
  public let lineStarts: [Int]

  public init(name: String, text: String) {
    self.name = name
    self.text = text
    bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// The text that a span covers.
  public func text(in span: Span) -> String {
    let start = min(max(span.start, 0), bytes.count)
    return String(decoding: bytes[start..<min(max(span.end, start), bytes.count)], as: UTF8.self)
  }
}

/// A half-open range of UTF-8 bytes in a source.
public struct Span: Hashable, Sendable {
  public var start: Int
  public var end: Int

  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// The smallest span that covers both.
  public func union(_ other: Span) -> Span { Span(min(start, other.start), max(end, other.end)) }
}
