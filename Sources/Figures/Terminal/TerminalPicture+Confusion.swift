extension TerminalPicture {
  /// A table of counts, shaded where there is colour; a picture of shades where the counts have no room.
  func confusionLines(_ matrix: ConfusionMatrix, _ text: TerminalText) -> [String] {
    let size = min(matrix.size, ConfusionMatrix.mostClasses)
    guard size > 0 else { return Self.nothing }
    let names = (0..<size).map { text.caption(matrix.name($0), 16) }
    let margin = names.map(\.columns).max() ?? 0
    let countable = 0..<(size <= 100 ? size : 0)
    let counts = countable.map { row in countable.map { matrix.count(row, $0).figureText(.plain) } }
    let longest = counts.joined().map(\.count).max() ?? 0
    let room = (columns - margin) / size
    guard !counts.isEmpty, longest + 1 <= room else { return shades(of: matrix, size: size, text) }
    // Names are cut to the room that is there, beyond what the counts need.
    let width = min(room, max(longest, min(margin, 9)) + 1)
    var lines = [text.spaces(margin) + names.map { text.right(text.caption($0, width - 1), width) }.joined()]
    for row in 0..<size {
      let cells = (0..<size).map { column in
        let shown = text.right(matrix.count(row, column) == 0 ? "." : counts[row][column], width)
        let shade = matrix.shade(row, column)
        let ink = shade.lightness > 0.5 ? RGB(0x1F2328) : RGB(0xFFFFFF)
        return text.paint(shown, foreground: ink, background: shade)
      }
      lines.append(text.left(names[row], margin) + cells.joined())
    }
    return lines + [text.caption("rows: true class, columns: predicted class", columns)]
  }

  /// One pixel a class, or a mean of several.
  private func shades(of matrix: ConfusionMatrix, size: Int, _ text: TerminalText) -> [String] {
    let side = min(size, columns, max(rows * 2, 8))
    func share(_ row: Int, _ column: Int) -> Double {
      let rows = row * size / side..<max((row + 1) * size / side, row * size / side + 1)
      let columns = column * size / side..<max((column + 1) * size / side, column * size / side + 1)
      return rows.map { row in columns.map { matrix.share(row, $0) }.max() ?? 0 }.max() ?? 0
    }
    func colour(_ row: Int, _ column: Int) -> RGB { ConfusionMatrix.shade(ofShare: share(row, column)) }
    var lines: [String] = []
    if text.graphics == .halfBlocks {
      lines = stride(from: 0, to: side, by: 2).map { row in
        (0..<side).map { column in
          text.paint(
            "▀", foreground: colour(row, column), background: row + 1 < side ? colour(row + 1, column) : nil)
        }.joined()
      }
    } else {
      let shades = Array(text.isASCII ? " .:-=+*#%@" : " ░▒▓█")
      // Two characters a cell keep it square.
      let wide = side * 2 <= columns ? 2 : 1
      lines = (0..<side).map { row in
        (0..<side).map { column in
          // Whatever is not zero is seen.
          let share = share(row, column).squareRoot()
          let shade = share > 0 ? shades[1 + Self.step(share, of: shades.count - 1)] : shades[0]
          return String(repeating: shade, count: wide)
        }.joined().trimmedEnd
      }
    }
    let scale = side < size ? ", \(size) classes in \(side) cells" : ""
    return lines + [text.caption("down: true class, across: predicted class\(scale)", columns)]
  }
}
