import Language

/// What the support for editors knows of the language: the lexer's own tables, and the names of natives and magics.
public struct EditorVocabulary: Sendable {
  /// Names of functions that come with the language.
  public var natives: [String]
  /// Without their colon.
  public var magics: [String]

  public init(natives: [String], magics: [String]) {
    self.natives = natives.sorted()
    self.magics = magics.sorted()
  }

  static let constants: [Keyword] = [.true, .false, .none]

  static var keywords: [String] { Keyword.allCases.filter { !constants.contains($0) }.map(\.rawValue) }

  /// The longest first, since a regular expression takes the first that fits.
  static var operators: [String] {
    Symbol.allCases.filter { !$0.isDelimiter }.map(\.rawValue).sorted { ($1.count, $0) < ($0.count, $1) }
  }

  static var units: [String] { NumberUnit.spellings.sorted { ($1.count, $0) < ($0.count, $1) } }

  /// The letters of the escapes that stand for one character, as the inside of a class of characters.
  static var escapeLetters: String {
    StringEscape.all.map { $0.spelling.dropFirst() }.map { "\\]^-".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  /// The tags of a Markdown cell without their brackets.
  static var markdownTags: [String] { Parser.markdownTags.map { String($0.dropFirst().dropLast()) } }

  /// All files for a folder of editor support: paths in it, and their texts.
  public func files(version: String) throws -> [(path: String, text: String)] {
    try VSCodeExtension(vocabulary: self, version: version).files + [
      ("vim/syntax/passbook.vim", VimSyntax(vocabulary: self).text), ("vim/ftdetect/passbook.vim", VimSyntax.detection),
    ]
  }
}
