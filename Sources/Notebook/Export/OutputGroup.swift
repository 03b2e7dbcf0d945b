/// Output of one kind in a row: lines of text, or one figure.
enum OutputGroup {
  case text([String])
  case figure(FigureReference)

  static func groups(of items: [OutputItem]) -> [OutputGroup] {
    var groups: [OutputGroup] = []
    var lines: [String] = []
    func flush() {
      if !lines.isEmpty { groups.append(.text(lines)) }
      lines = []
    }
    for item in items {
      switch item {
      case .text(let line): lines.append(line)
      case .figure(let figure):
        flush()
        groups.append(.figure(figure))
      }
    }
    flush()
    return groups
  }
}
