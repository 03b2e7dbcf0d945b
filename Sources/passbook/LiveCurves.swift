import Figures
import Runtime
import Terminal

#if canImport(Glibc)
  import Glibc
#endif

/// The curves of a training as lines above the bar: loss and accuracies beside each other where there is room.
struct LiveCurves {
  let curves: TrainingCurves
  let graphics: TerminalGraphics

  /// - Parameter graphics: Pictures of pixels would not stay in place above a bar; they become braille.
  init(_ curves: TrainingCurves, environment: [String: String]) {
    self.curves = curves
    let best = terminalGraphics(environment, isTerminal: isTerminal(STDERR_FILENO))
    graphics = best == .kitty || best == .sixel ? .halfBlocks : best
  }

  /// Nothing on a screen that is too small to leave room for what was printed before.
  func lines(for size: ScreenSize) -> [String] {
    guard size.rows >= 18, size.columns >= 60 else { return [] }
    let figures = curves.figures
    let gap = 2
    let columns = min((size.columns - 1 - gap) / 2, 70)
    let pictures = figures.map { figure in
      TerminalPicture(columns: columns, rows: min(max(size.rows / 4, 5), 12), graphics: graphics).render(figure)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    let height = pictures.map(\.count).max() ?? 0
    return (0..<height).map { row in
      pictures.enumerated().map { index, lines in
        let line = row < lines.count ? lines[row] : ""
        guard index < pictures.count - 1 else { return line }
        return line + String(repeating: " ", count: max(0, columns + gap - line.withoutControlSequences.displayWidth))
      }.joined()
    }
  }
}
