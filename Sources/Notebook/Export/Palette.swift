/// The colours of a page by what they are for, for light and for dark; the names are those of the CSS variables.
///
/// Text has a contrast of at least 4.5 to everything that it stands on (WCAG 2.2, 1.4.3), which a test computes.
struct Palette: Sendable {
  struct Color: Sendable {
    let name: String
    let light: String
    let dark: String

    init(_ name: String, _ light: String, _ dark: String) {
      self.name = name
      self.light = light
      self.dark = dark
    }
  }

  /// What text stands on: the page, and code.
  static let grounds = [
    Color("page", "#fdfcfa", "#15171b"), Color("surface", "#f4f2ed", "#1d2026"),
  ]

  /// Text and what is drawn like text.
  static let inks = [
    Color("text", "#23252a", "#e2e3e6"), Color("muted", "#5d6068", "#9da2ab"), Color("accent", "#2a5d80", "#8fbcdc"),
  ]

  /// Lines that carry no meaning of their own.
  static let lines = [Color("line", "#ddd9d0", "#343840")]

  /// The classes of the highlighter that have a colour.
  static let classes: [(HighlightClass, Color)] = [
    (.keyword, Color("keyword", "#80306f", "#d6a3cb")), (.call, Color("call", "#1f5a8a", "#8dbfe8")),
    (.label, Color("label", "#1b6660", "#83c9c0")), (.number, Color("number", "#8a4a12", "#e3b27e")),
    (.string, Color("string", "#3f6624", "#a9cf8f")), (.interpolation, Color("interpolation", "#1b6660", "#83c9c0")),
    (.comment, Color("comment", "#64676e", "#959aa4")), (.documentation, Color("documentation", "#5a6470", "#9fb0c0")),
    (.output, Color("output", "#64676e", "#959aa4")), (.magic, Color("magic", "#94303c", "#e6a0a6")),
    (.help, Color("help", "#94303c", "#e6a0a6")), (.operator, Color("operator", "#4c505a", "#b9bec8")),
    (.header, Color("header", "#23252a", "#e2e3e6")), (.markdown, Color("markdown", "#5d6068", "#9da2ab")),
    (.invalid, Color("invalid", "#b0231c", "#f2938c")),
  ]

  static var all: [Color] { grounds + inks + lines + classes.map(\.1) }

  /// `--page: #fdfcfa; …`
  static func variables(isDark: Bool) -> String {
    all.map { "--\($0.name): \(isDark ? $0.dark : $0.light);" }.joined(separator: " ")
  }
}
