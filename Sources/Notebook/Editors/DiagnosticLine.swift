import Files
import Language

/// A diagnostic as one line of JSON, for the problem matchers of editors and for other programs.
public enum DiagnosticLine {
  /// What a line looks like, for matchers that know no JSON; the order of the members is fixed for it.
  static let pattern =
    #"^\{"file":"((?:[^"\\]|\\.)*)","line":(\d+),"column":(\d+),"endLine":(\d+),"endColumn":(\d+),"#
    + #""severity":"(error|warning|note)","message":"((?:[^"\\]|\\.)*)""#

  /// Lines and columns count from 1, columns in UTF-16 units as editors do; the end is behind the last character.
  ///
  /// `cell` is null where there is none.
  public static func text(_ diagnostic: Diagnostic, file: String) throws -> String {
    let label = diagnostic.labels.first(where: \.isPrimary) ?? diagnostic.labels.first
    let (start, end) = place(of: label?.span, in: diagnostic.source)
    let severity: Diagnostic.Severity = diagnostic.severity
    return try JSON.object([
      .init("file", .string(diagnostic.source?.name ?? file)), .init("line", .integer(start.line)),
      .init("column", .integer(start.column)), .init("endLine", .integer(end.line)),
      .init("endColumn", .integer(end.column)), .init("severity", .string(severity.rawValue)),
      .init("message", .string(diagnostic.message)), .init("label", .string(label?.text ?? "")),
      .init("help", .array(diagnostic.help.map(JSON.string))),
      .init("cell", diagnostic.cell.map(JSON.integer) ?? .null),
    ]).text()
  }

  private typealias Position = (line: Int, column: Int)

  private static func place(of span: Span?, in source: Source?) -> (Position, Position) {
    guard let span, let source else { return ((1, 1), (1, 1)) }
    let start = min(max(span.start, 0), source.bytes.count)
    return (position(of: start, in: source), position(of: min(max(span.end, start), source.bytes.count), in: source))
  }

  private static func position(of offset: Int, in source: Source) -> Position {
    let line = source.line(of: offset)
    return (line + 1, source.text(in: Span(source.lineStarts[line], offset)).utf16.count + 1)
  }
}
