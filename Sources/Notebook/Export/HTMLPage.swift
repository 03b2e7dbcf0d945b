/// The frame around every page that the tool writes: head, style, title, contents and foot.
///
/// A page is one file: no script, no font and no image from elsewhere, which its content security policy states.
struct HTMLPage {
  /// A heading that the contents list.
  struct Entry: Sendable {
    var id: String
    /// HTML without links.
    var title: String
    /// As in `h2`.
    var level: Int
  }

  /// Fewer headings than this need no list of them.
  static let contentsFrom = 4

  /// HTML without links.
  var title: String
  /// A line of plain text under the title.
  var note = ""
  var entries: [Entry] = []
  /// HTML.
  var body: String
  /// Plain text at the end of the page.
  var foot: String

  var html: String {
    let listed = listedEntries
    let hasContents = listed.count >= Self.contentsFrom
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <meta name="generator" content="passbook">
      <title>\(HTMLText.withoutTags(title))</title>
      <style>
      \(StyleSheet.css)
      </style>
      </head>
      <body\(hasContents ? " class=\"has-contents\"" : "")>
      <header>
      <h1>\(title)</h1>
      \(note.isEmpty ? "" : "<p class=\"file\">\(HTMLText.escape(note))</p>\n")</header>
      \(hasContents ? Self.contents(listed) : "")<main>
      \(body)</main>
      <footer>\(HTMLText.escape(foot))</footer>
      </body>
      </html>

      """
  }

  /// The two outermost levels that there are.
  private var listedEntries: [Entry] {
    let outermost = entries.map(\.level).min() ?? 0
    return entries.filter { $0.level <= outermost + 1 }
  }

  private static func contents(_ entries: [Entry]) -> String {
    let outermost = entries.map(\.level).min() ?? 0
    let rows = entries.map { entry in
      let inner = entry.level > outermost ? " class=\"inner\"" : ""
      return "<li\(inner)><a href=\"#\(entry.id)\">\(entry.title)</a></li>\n"
    }
    return "<nav aria-label=\"Contents\">\n<p>Contents</p>\n<ol>\n\(rows.joined())</ol>\n</nav>\n"
  }
}
