import Language

/// The output on record of a line of code beside what the line showed now.
struct OutputComparison {
  let recorded: [String]
  let shown: [FreshOutputs.Item]
  let alignment: OutputAlignment
  private let lines: LineComparison

  /// Nil where the line did not run to its end.
  init?(_ line: CodeLine, of cell: DocumentCell, with outputs: FreshOutputs, figures: FigureFolder) {
    guard let items = outputs.items(of: line, in: cell.cell) else { return nil }
    let recorded = line.output?.lines ?? []
    let lines = LineComparison(cellTolerance: cell.header.tolerance)
    self.recorded = recorded
    self.lines = lines
    shown = items
    alignment = OutputAlignment(
      recorded: recorded.count, shown: items.count,
      isWildcard: { recorded[$0].trimmingSpaces == LineComparison.wildcard },
      equal: { Self.matches(recorded[$0], items[$1], lines, figures) })
  }

  private static func matches(
    _ recorded: String, _ item: FreshOutputs.Item, _ lines: LineComparison, _ figures: FigureFolder
  ) -> Bool {
    switch item {
    case .line(let text): return lines.matches(recorded, text)
    case .figure(let title, let svg):
      guard let reference = FigureReference(line: recorded), reference.title == title else { return false }
      if reference.hash == FigureFolder.hash(of: svg) { return true }
      return figures.svg(at: reference.path).map { FigureComparison.matches($0, svg) } ?? false
    }
  }

  /// The new line in place of a recorded one, with the tolerances that stood there.
  func replacement(for recorded: Int, by text: String) -> String {
    lines.keepingTolerances(of: self.recorded[recorded], in: text)
  }
}

extension String {
  var trimmingSpaces: Substring {
    var text = drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
