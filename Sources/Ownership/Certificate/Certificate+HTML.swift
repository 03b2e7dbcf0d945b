extension Certificate {
  /// The page as HTML that stands alone and prints on one sheet of A4, if there are no more than two claims.
  public var html: String {
    let body = sections.map { section in
      "<section>\n<h2>\(section.heading.html)</h2>\n" + section.parts.map(\.html).joined(separator: "\n") + "\n</section>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(title.html)</title>
      <style>
      @page { size: A4; margin: 11mm 14mm }
      body { font: 10.5pt/1.4 Georgia, "DejaVu Serif", serif; max-width: 48em; margin: 2em auto; padding: 0 1em; color: #1b1b1b }
      h1 { font-size: 1.5em; border-bottom: 2px solid #1b1b1b; padding-bottom: .3em }
      h2 { font-size: 1.05em; margin: 1.1em 0 .3em }
      section:first-of-type p:first-of-type { font-size: 1.15em; font-weight: bold }
      p, ul, dl { margin: .3em 0 }
      ul { padding-left: 1.2em }
      dl { display: grid; grid-template-columns: 8em 1fr; gap: .2em .8em }
      dt { font-weight: bold; overflow-wrap: anywhere }
      dd { margin: 0; overflow-wrap: anywhere }
      table { border-collapse: collapse; width: 100%; font-size: .9em; margin: .3em 0 .8em }
      th, td { border: 1px solid #999; padding: .15em .45em; text-align: left; vertical-align: top }
      .failed { background: #f7d9d6 } .refused { background: #eee } .passed { background: #dcefdc }
      pre { background: #f3f3f3; padding: .5em; white-space: pre-wrap; overflow-wrap: anywhere }
      @media print {
        body { margin: 0; max-width: none; font-size: 8.2pt; line-height: 1.22 }
        h1 { margin: 0 } h2 { margin: .75em 0 .2em } p, ul, dl { margin: .2em 0 } section { break-inside: avoid }
      }
      </style>
      </head>
      <body>
      <h1>\(title.html)</h1>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }
}

extension Certificate.Part {
  fileprivate var html: String {
    switch self {
    case .paragraph(let text): return "<p>\(text.html)</p>"
    case .facts(let facts):
      return "<dl>\n" + facts.map { "<dt>\($0.name.html)</dt><dd>\($0.value.html)</dd>" }.joined(separator: "\n") + "\n</dl>"
    case .list(let items): return "<ul>\n" + items.map { "<li>\($0.html)</li>" }.joined(separator: "\n") + "\n</ul>"
    case .command(let command): return "<pre>\(command.html)</pre>"
    case .table(let header, let rows):
      let head = "<tr>" + header.map { "<th>\($0.html)</th>" }.joined() + "</tr>"
      let body = rows.map { row in
        // The outcome's colour, so that a reader finds what failed.
        let outcome = row.first { Finding.Outcome(rawValue: $0) != nil }
        return "<tr\(outcome.map { " class=\"\($0)\"" } ?? "")>" + row.map { "<td>\($0.html)</td>" }.joined() + "</tr>"
      }
      return "<table>\n" + ([head] + body).joined(separator: "\n") + "\n</table>"
    }
  }
}

extension String {
  /// With the characters escaped that HTML would take for its own; names come from strangers.
  fileprivate var html: String {
    reduce(into: "") { text, character in
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      default: text.append(character)
      }
    }
  }
}
