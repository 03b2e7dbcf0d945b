import Files

extension Certificate {
  /// Writes the page: `*.html`, which prints as PDF, or `*.md`.
  public func write(to path: String) throws {
    let text: String
    switch path.lowercased().split(separator: ".").last {
    case "html", "htm": text = html
    case "md": text = markdown
    default:
      throw OwnershipError(
        "a certificate is HTML or Markdown, and \(path) is neither",
        help: "name it certificate.html (and print that as PDF), or certificate.md")
    }
    try AtomicFile.write(Array(text.utf8), to: path)
  }
}
