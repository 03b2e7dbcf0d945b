/// What is wrong (or worth saying), as data; `DiagnosticRenderer` turns it into text.
public struct Diagnostic: Error, Sendable {
  public enum Severity: String, Sendable { case error, warning, note }

  /// A place in the source and what to say under it.
  public struct Label: Sendable {
    public var span: Span
    public var text: String
    /// The primary label is drawn with `^` and gives the location; the others with `-`.
    public var isPrimary: Bool

    public init(_ span: Span, _ text: String = "", isPrimary: Bool = true) {
      self.span = span
      self.text = text
      self.isPrimary = isPrimary
    }
  }

  public var severity: Severity
  /// One line, lower case, no full stop: `add: channels differ, 32 here and 16 in x`.
  public var message: String
  public var labels: [Label]
  /// What to do, one line each; drawn as `= help: …`.
  public var help: [String]
  /// The text that the spans count in; set by whoever knows it.
  public var source: Source?
  /// The number of the cell, where there is one; drawn as `(cell 4)`.
  public var cell: Int?
  /// True exactly when the input ends before the construct does, so that a prompt asks for another line.
  public var isIncompleteInput = false

  public init(
    _ severity: Severity = .error, _ message: String, at span: Span? = nil, label: String = "",
    help: [String] = [], source: Source? = nil
  ) {
    self.severity = severity
    self.message = message
    labels = span.map { [Label($0, label)] } ?? []
    self.help = help
    self.source = source
  }
}
