import Language

extension Document {
  /// What of the record does not match what a run showed, each with the caret on the recorded line.
  ///
  /// Lines of code that did not run to their end are not compared.
  public func mismatches(with outputs: FreshOutputs, figures: FigureFolder) -> [Diagnostic] {
    cells.flatMap { cell in
      cell.lines.flatMap { line -> [Diagnostic] in
        guard let comparison = OutputComparison(line, of: cell, with: outputs, figures: figures) else { return [] }
        return mismatches(of: line, in: comparison, cell: cell.cell.number)
      }
    }
  }

  /// How many lines of code have output on record or showed some, of those that ran to their end.
  public func comparedLines(with outputs: FreshOutputs) -> Int {
    cells.reduce(0) { count, cell in
      count
        + cell.lines.count { line in
          outputs.items(of: line, in: cell.cell).map { !$0.isEmpty || line.output != nil } ?? false
        }
    }
  }

  private func mismatches(of line: CodeLine, in comparison: OutputComparison, cell: Int) -> [Diagnostic] {
    let spans = line.output?.spans ?? []
    var last: Span?
    return comparison.alignment.steps.compactMap { step in
      var diagnostic: Diagnostic
      switch step {
      case .kept(let index):
        last = spans[index]
        return nil
      case .changed(let index, let shown):
        last = spans[index]
        diagnostic = Diagnostic(
          .error, "the output is not what is on record", at: spans[index],
          label: "is now: " + describe(comparison.shown[shown]), source: source)
      case .missing(let index):
        last = spans[index]
        diagnostic = Diagnostic(
          .error, "a line on record is missing from the output", at: spans[index], label: "is not shown any more",
          source: source)
      case .added(let shown):
        diagnostic = Diagnostic(
          .error, "the output has a line that is not on record", at: last ?? spans.first ?? line.span,
          label: (last != nil || spans.isEmpty ? "is followed now by: " : "comes now behind: ")
            + describe(comparison.shown[shown]), source: source)
      }
      diagnostic.cell = cell
      return diagnostic
    }
  }

  private func describe(_ item: FreshOutputs.Item) -> String {
    switch item {
    case .line(let text): text.count > 100 ? text.prefix(99) + "…" : text.isEmpty ? "an empty line" : text
    case .figure(let title, _): title.isEmpty ? "a figure that looks different" : "another figure '\(title)'"
    }
  }
}
