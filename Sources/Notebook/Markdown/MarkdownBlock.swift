/// A block of Markdown; the texts in it still hold their inline marks.
///
/// The subset is CommonMark 0.31 without HTML, setext headings, indented code, reference links and entities, with the
/// tables of GitHub Flavored Markdown.
indirect enum MarkdownBlock: Hashable, Sendable {
  case heading(level: Int, String)
  case paragraph(String)
  /// Between fences; the info string is the first word behind the opening fence.
  case code(info: String, String)
  case quote([MarkdownBlock])
  /// `start` is the number of the first item of an ordered list, nil for bullets.
  case list(start: Int?, isTight: Bool, items: [[MarkdownBlock]])
  case table(alignments: [Alignment], header: [String], rows: [[String]])
  case rule

  enum Alignment: String, Sendable { case none = "", left, center, right }
}
