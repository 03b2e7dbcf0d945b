import Language

/// What a piece of source is to its reader; each exporter and each terminal has its own colour for it.
public enum HighlightClass: String, CaseIterable, Sendable {
  case keyword
  /// The name of a function where it is called, piped into or declared.
  case call
  /// A label of an argument, or the name of a field in a record, without its colon.
  case label
  /// A number with its unit.
  case number
  /// Quotes and text of a string.
  case string
  /// The braces of an interpolation, and its format.
  case interpolation
  /// `# text`, and a shebang.
  case comment
  /// `## text`
  case documentation
  /// `#=> text`
  case output
  /// `:name rest`, the whole line.
  case magic
  /// `?query`, the whole line.
  case help
  case `operator`
  /// `#%% title`
  case header
  /// A line of a Markdown cell.
  case markdown
  /// What means nothing to the lexer.
  case invalid
}

/// A piece of source and its class.
public struct HighlightedSpan: Hashable, Sendable {
  public var kind: HighlightClass
  public var span: Span

  init(_ kind: HighlightClass, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}
