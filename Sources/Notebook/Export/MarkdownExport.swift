import Language

/// A document as Markdown: text cells as they are, code and outputs between fences, figures as links to their files.
public enum MarkdownExport {
  /// - Parameter figureFolder: how the script's folder is written as seen from where the Markdown will stand.
  public static func text(of document: Document, figureFolder: String = ".") -> String {
    var blocks: [String] = []
    for cell in document.cells {
      if cell.cell.isMarkdown {
        blocks.append(cell.markdown(in: document.source))
        continue
      }
      if let title = cell.cell.title { blocks.append("### \(MarkdownText.escape(title))") }
      for segment in cell.segments(in: document.source) {
        switch segment {
        case .code(let span): blocks.append(fenced(document.source.text(in: span), info: "passbook"))
        case .output(let lines):
          blocks += OutputGroup.groups(of: lines.map(\.item)).map { group in
            switch group {
            case .text(let lines): fenced(lines.joined(separator: "\n"), info: "text")
            case .figure(let figure): link(figure, in: figureFolder)
            }
          }
        }
      }
    }
    return blocks.filter { !$0.isEmpty }.map { $0 + "\n" }.joined(separator: "\n")
  }

  /// A block of code; the fence is longer than any row of backticks inside.
  static func fenced(_ text: String, info: String) -> String {
    var longest = 0
    var row = 0
    for byte in text.utf8 {
      row = byte == UInt8(ascii: "`") ? row + 1 : 0
      longest = max(longest, row)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(info)\n\(text.replacing("\r\n", with: "\n"))\n\(fence)"
  }

  private static func link(_ figure: FigureReference, in folder: String) -> String {
    var target: [UInt8] = []
    for byte in FilePath.join(folder, figure.path).utf8 {
      // A space or a parenthesis would end the target, and the others have a meaning of their own.
      if byte <= 0x20 || byte == 0x7F || "()<>\\\"%?#`".utf8.contains(byte) {
        target += DataURI.percentEncoded(byte)
      } else {
        target.append(byte)
      }
    }
    return "![\(MarkdownText.escape(figure.title))](\(String(decoding: target, as: UTF8.self)))"
  }
}
