/// The reserved words of the language.
public enum Keyword: String, CaseIterable, Sendable {
  case fn, model, on, `for`, `while`, `in`, `if`, `else`, `return`, `break`, `continue`, expect, and, or, not, mod, by
  case `true`, `false`, none
}

/// The operators and delimiters of the language.
public enum Symbol: String, CaseIterable, Sendable {
  case openParenthesis = "(", closeParenthesis = ")", openBracket = "[", closeBracket = "]"
  case openBrace = "{", closeBrace = "}", comma = ",", semicolon = ";", colon = ":", dot = "."
  case plus = "+", minus = "-", star = "*", slash = "/", at = "@", power = "**"
  case assign = "=", plusAssign = "+=", minusAssign = "-=", starAssign = "*=", slashAssign = "/="
  case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
  case pipe = "|>", arrow = "->", closedRange = "..", halfOpenRange = "..<"

  /// The symbols by length, longest first, which is the order in which the lexer tries them.
  static let byLength: [(bytes: [UInt8], symbol: Symbol)] = allCases
    .map { (Array($0.rawValue.utf8), $0) }
    .sorted { $0.0.count > $1.0.count }
}

/// The smallest piece of a source that means something.
public struct Token: Sendable {
  public enum Kind: Hashable, Sendable {
    case name, number
    case keyword(Keyword)
    case symbol(Symbol)
    /// A string is a start, texts (escapes already read) and interpolations, and an end.
    case stringStart, stringText(String), stringEnd
    /// `{` and `}` of an interpolation; the format stands before its end.
    case interpolationStart, format(String), interpolationEnd
    /// `:name rest` and `?query` in column 1, the whole line.
    case magic, help
    /// One or more line ends; never the last token before the end.
    case newline
    /// Characters that are no part of the language; the lexer has already reported them.
    case invalid
    case end
  }

  public var kind: Kind
  public var span: Span
  /// White space or a comment stands before it, on the same line or not.
  public var followsSpace: Bool
}

/// A comment and its place; the parser does not see it, highlighting and replay do.
public struct Comment: Sendable {
  public enum Kind: CaseIterable, Sendable {
    /// `# text`
    case plain
    /// `## text`, documents the next `fn` or `model`
    case documentation
    /// `#=> text`, an output on record
    case output
    /// `#!/…` on line 1
    case shebang

    /// How it begins.
    public var spelling: String {
      switch self {
      case .plain: "#"
      case .documentation: "##"
      case .output: "#=>"
      case .shebang: "#!/"
      }
    }

    /// One line for the reference.
    public var summary: String {
      switch self {
      case .plain: "a comment to the end of the line; `#%% title` begins a cell"
      case .documentation: "documents the `fn` or `model` below it, for `?name`"
      case .output: "an output on record, behind or under its statement"
      case .shebang: "in line 1, the program that runs the script"
      }
    }
  }

  public var kind: Kind
  public var span: Span
}
