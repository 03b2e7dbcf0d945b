import Language

/// The language reference as Markdown: functions and magics from the tables that drive them, the rest from the tables
/// of lexer and parser. Nothing in it is written by hand.
public struct LanguageReference: Sendable {
  /// A function that comes with the language.
  public struct Function: Sendable {
    public struct Parameter: Sendable {
      public var label: String
      public var type: String
      /// Nil for a required argument.
      public var fallback: String?
      public var summary: String

      public init(label: String, type: String, fallback: String?, summary: String) {
        self.label = label
        self.type = type
        self.fallback = fallback
        self.summary = summary
      }
    }

    public var name: String
    public var signature: String
    public var summary: String
    public var parameters: [Parameter]
    public var example: String
    /// What the example gives; nil for nothing to show.
    public var result: String?

    public init(
      name: String, signature: String, summary: String, parameters: [Parameter], example: String, result: String?
    ) {
      self.name = name
      self.signature = signature
      self.summary = summary
      self.parameters = parameters
      self.example = example
      self.result = result
    }
  }

  /// A command to the session.
  public struct Magic: Sendable {
    /// With its colon and what follows: `:save FILE`.
    public var usage: String
    public var summary: String

    public init(usage: String, summary: String) {
      self.usage = usage
      self.summary = summary
    }
  }

  public var areas: [(name: String, functions: [Function])]
  public var magics: [Magic]

  public init(areas: [(name: String, functions: [Function])], magics: [Magic]) {
    self.areas = areas
    self.magics = magics
  }

  public var markdown: String {
    let functions = areas.flatMap { area in
      ["## Functions: \(MarkdownText.escape(area.name))"] + area.functions.map(text)
    }
    let sections = ["# The language of Passbook", keywords, operators, numbers, strings, comments] + functions
    return (sections + [commands]).joined(separator: "\n\n") + "\n"
  }

  // MARK: - From the tables of the lexer and the parser

  private var keywords: String {
    "## Reserved words\n\n"
      + MarkdownText.table(
        ["word", "what it does"],
        Keyword.allCases.map { [MarkdownText.code($0.rawValue), MarkdownText.prose($0.summary)] })
  }

  private var operators: String {
    "## Operators\n\nFrom the loosest to the tightest; operators of one row bind equally.\n\n"
      + MarkdownText.table(
        ["operators", "binds", "what it does"],
        OperatorLevel.all.map { level in
          [
            level.operators.map(MarkdownText.code).joined(separator: " "), level.association.rawValue,
            MarkdownText.prose(level.summary),
          ]
        })
  }

  private var numbers: String {
    "## Units\n\nA unit stands right behind its number.\n\n"
      + MarkdownText.table(
        ["unit", "what it means"],
        NumberUnit.allCases.filter { $0 != .none }.map {
          [MarkdownText.code($0.rawValue), MarkdownText.prose($0.summary)]
        })
  }

  private var strings: String {
    "## Escapes in strings\n\n"
      + MarkdownText.table(
        ["escape", "what it stands for"],
        StringEscape.all.map { [MarkdownText.code($0.spelling), $0.summary] }
          + [[MarkdownText.code(StringEscape.unicodeSpelling), "character by its hexadecimal Unicode number"]])
  }

  private var comments: String {
    "## Comments\n\n"
      + MarkdownText.table(
        ["comment", "what it is"],
        Comment.Kind.allCases.map { [MarkdownText.code($0.spelling), MarkdownText.prose($0.summary)] })
  }

  // MARK: - From the tables of natives and magics

  private func text(of function: Function) -> String {
    var blocks = [
      "### \(MarkdownText.code(function.name))", MarkdownText.prose(function.summary),
      MarkdownExport.fenced(function.signature, info: "passbook"),
    ]
    if !function.parameters.isEmpty {
      blocks.append(
        MarkdownText.table(
          ["parameter", "takes", "default", "what it does"],
          function.parameters.map { parameter in
            [
              MarkdownText.code(parameter.label), MarkdownText.prose(parameter.type),
              parameter.fallback.map(MarkdownText.code) ?? "", MarkdownText.prose(parameter.summary),
            ]
          }))
    }
    let result = function.result.map { text in
      text.split(separator: "\n", omittingEmptySubsequences: false).map { "\n#=> \($0)" }.joined()
    }
    blocks.append(MarkdownExport.fenced(function.example + (result ?? ""), info: "passbook"))
    return blocks.joined(separator: "\n\n")
  }

  private var commands: String {
    "## Magics\n\nCommands to the session; they stand in column 1.\n\n"
      + MarkdownText.table(
        ["magic", "what it does"], magics.map { [MarkdownText.code($0.usage), MarkdownText.prose($0.summary)] })
  }
}
