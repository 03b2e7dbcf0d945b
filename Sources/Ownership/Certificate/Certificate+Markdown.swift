extension Certificate {
  /// The page as Markdown (CommonMark with tables).
  public var markdown: String {
    (["# \(title)"] + sections.flatMap { ["## \($0.heading)"] + $0.parts.map(\.markdown) }).joined(separator: "\n\n")
      + "\n"
  }
}

extension Certificate.Part {
  fileprivate var markdown: String {
    switch self {
    case .paragraph(let text): text.markdown
    case .facts(let facts): facts.map { "* **\($0.name.markdown)**: \($0.value.markdown)" }.joined(separator: "\n")
    case .list(let items): items.map { "* \($0.markdown)" }.joined(separator: "\n")
    case .command(let command): "```sh\n\(command)\n```"
    case .table(let header, let rows):
      ([header, header.map { _ in "---" }] + rows.map { $0.map(\.markdown) })
        .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
  }
}

extension String {
  /// With the characters escaped that Markdown would take for its own; names come from strangers.
  fileprivate var markdown: String {
    reduce(into: "") { text, character in
      if "\\`*_[]<>|#".contains(character) { text.append("\\") }
      text.append(character.isNewline ? " " : character)
    }
  }
}
