import Files
import Language

/// The grammar that VS Code, GitHub and other editors colour scripts by (TextMate 1.5, regular expressions that
/// Oniguruma and ICU both read).
struct TextMateGrammar {
  let vocabulary: EditorVocabulary

  private static let name = "[\\p{L}_][\\p{L}\\p{N}\\p{M}_]*"
  private static let isNameEnd = "(?![\\p{L}\\p{N}\\p{M}_])"

  private static func words(_ words: [String]) -> String { "(?:\(words.joined(separator: "|")))\(isNameEnd)" }

  /// The regular expression of the first of some texts.
  static func alternatives(_ texts: [String]) -> String {
    texts.map { text in
      String(text.flatMap { "\\^$.|?*+()[]{}".contains($0) ? ["\\", $0] : [$0] })
    }.joined(separator: "|")
  }

  /// A name that is no reserved word.
  private static var plainName: String { "(?!\(words(Keyword.allCases.map(\.rawValue))))\(name)" }

  var json: JSON {
    .object([
      .init("$schema", .string("https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json")),
      .init("name", .string("Passbook")), .init("scopeName", .string("source.passbook")),
      .init("fileTypes", .array([.string("pass")])), .init("firstLineMatch", .string("^#!.*\\bpassbook\\b")),
      .init("patterns", includes(["markdown", "header", "magic", "help", "label", "expression"])),
      .init("repository", .object(repository)),
    ])
  }

  private var repository: [JSON.Member] {
    let tags = EditorVocabulary.markdownTags.joined(separator: "|")
    return [
      .init(
        "markdown",
        rule([
          .init("begin", .string("^# ?%% *\\[(?:\(tags))\\].*$")), .init("end", .string("^(?=# ?%%)")),
          .init("beginCaptures", captures(["0": "entity.name.section.passbook"])),
          .init("patterns", .array([match("#.*$", "markup.quote.passbook")])),
        ])),
      .init("header", match("^# ?%%.*$", "entity.name.section.passbook")),
      .init("magic", match("^:.*$", "keyword.control.directive.passbook")),
      .init("help", match("^\\?.*$", "keyword.other.help.passbook")),
      .init("label", match("\(Self.plainName)(?=[ \\t]*:)", "variable.parameter.passbook")),
      .init("expression", rule([.init("patterns", .array(expression))])),
      .init("escape", match(Self.escape, "constant.character.escape.passbook")),
      .init("lineInterpolation", interpolation(end: "\\}|$")), .init("textInterpolation", interpolation(end: "\\}")),
      .init("interpolated", rule([.init("patterns", .array(brackets + [includeRule("expression")]))])),
      .init(
        "bracketed", rule([.init("patterns", .array(brackets + [includeRule("label"), includeRule("expression")]))])),
    ]
  }

  private static var escape: String { "\\\\(?:[\(EditorVocabulary.escapeLetters)]|u\\{[0-9A-Fa-f]+\\})" }

  private var expression: [JSON] {
    let units = Self.alternatives(EditorVocabulary.units)
    let (fn, model) = (Keyword.fn.rawValue, Keyword.model.rawValue)
    return [
      match("#=>.*$", "comment.line.output.passbook"), match("##.*$", "comment.line.documentation.passbook"),
      match("#.*$", "comment.line.number-sign.passbook"),
      string("\"\"\"", end: "\"\"\"", scope: "string.quoted.triple.passbook", interpolation: "textInterpolation"),
      string("\"", end: "\"|$", scope: "string.quoted.double.passbook", interpolation: "lineInterpolation"),
      match(
        "[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?:\(units))?\(Self.isNameEnd)", "constant.numeric.passbook"),
      rule([
        .init("match", .string("(\(fn)|\(model))[ \\t]+(\(Self.plainName))")),
        .init("captures", captures(["1": "keyword.declaration.passbook", "2": "entity.name.function.passbook"])),
      ]),
      match(Self.words(EditorVocabulary.constants.map(\.rawValue)), "constant.language.passbook"),
      match(Self.words(EditorVocabulary.keywords), "keyword.control.passbook"),
      rule([
        .init("match", .string("(\(Self.alternatives([Symbol.pipe.rawValue])))[ \\t]*(\(Self.plainName))(?![ \\t]*:)")),
        .init("captures", captures(["1": "keyword.operator.passbook", "2": "entity.name.function.passbook"])),
      ]),
      match("\(Self.words(vocabulary.natives))(?=\\()", "support.function.passbook"),
      match("\(Self.name)(?=\\()", "entity.name.function.passbook"),
      match(Self.name, "variable.other.passbook"),
      match(Self.alternatives(EditorVocabulary.operators), "keyword.operator.passbook"),
    ]
  }

  /// Brackets inside an interpolation, where a colon outside of them would begin a format.
  private var brackets: [JSON] {
    [("\\(", "\\)"), ("\\[", "\\]"), ("\\{", "\\}")].map { begin, end in
      rule([
        .init("begin", .string(begin)), .init("end", .string(end)), .init("patterns", includes(["bracketed"])),
      ])
    }
  }

  private func string(_ begin: String, end: String, scope: String, interpolation: String) -> JSON {
    rule([
      .init("begin", .string(begin)), .init("end", .string(end)), .init("name", .string(scope)),
      .init("patterns", includes(["escape", interpolation])),
    ])
  }

  private func interpolation(end: String) -> JSON {
    let marks = captures(["0": "punctuation.section.embedded.passbook"])
    return rule([
      .init("begin", .string("\\{")), .init("end", .string(end)), .init("name", .string("meta.embedded.passbook")),
      .init("beginCaptures", marks), .init("endCaptures", marks),
      .init(
        "patterns",
        .array([match(":[^}\"\\n]*", "constant.other.format.passbook"), includeRule("interpolated")])),
    ])
  }

  // MARK: - JSON

  private func rule(_ members: [JSON.Member]) -> JSON { .object(members) }

  private func match(_ pattern: String, _ scope: String) -> JSON {
    .object([.init("match", .string(pattern)), .init("name", .string(scope))])
  }

  private func includeRule(_ name: String) -> JSON { .object([.init("include", .string("#\(name)"))]) }

  private func includes(_ names: [String]) -> JSON { .array(names.map(includeRule)) }

  private func captures(_ scopes: KeyValuePairs<String, String>) -> JSON {
    .object(scopes.map { .init($0.key, .object([.init("name", .string($0.value))])) })
  }
}
