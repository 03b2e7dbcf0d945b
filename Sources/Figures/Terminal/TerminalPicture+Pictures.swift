extension TerminalPicture {
  /// Pictures side by side: two pixels a character with colour, dithered dots or shades of characters without.
  func gridLines(_ grid: PictureGrid, _ text: TerminalText) -> [String] {
    guard !grid.pictures.isEmpty else { return ["no pictures"] }
    let most = max(1, min(grid.drawnColumns, columns / 14))
    // Equally full lines.
    let lineCount = (grid.pictures.count + most - 1) / most
    let perLine = (grid.pictures.count + lineCount - 1) / lineCount
    let place = min((columns - (perLine - 1)) / perLine, 28)
    let hasCaptions = grid.pictures.indices.contains { !grid.caption($0).isEmpty }
    var lines: [String] = []
    for start in stride(from: 0, to: grid.pictures.count, by: perLine) {
      let range = start..<min(start + perLine, grid.pictures.count)
      let blocks = range.map { block(grid.pictures[$0], columns: place, text) }
      let height = blocks.map(\.count).max() ?? 0
      for row in 0..<height {
        let parts = blocks.map { row < $0.count ? $0[row] : text.spaces(place) }
        lines.append(parts.joined(separator: " "))
      }
      if hasCaptions {
        let captions = range.map { text.left(text.caption(grid.caption($0), place), place) }
        lines.append(captions.joined(separator: " ").trimmedEnd)
      }
    }
    return lines
  }

  /// One picture in characters, all lines equally wide.
  private func block(_ picture: Raster, columns: Int, _ text: TerminalText) -> [String] {
    // A character is about twice as high as wide.
    let most = max(Self.whole(Double(columns) / 2 * Double(picture.height) / Double(picture.width)), 1)
    let rows = min(most, max(self.rows, 16))
    func colour(_ x: Int, _ y: Int, of wide: Int, _ high: Int) -> RGB {
      picture.mean(
        left: Double(x) / Double(wide), top: Double(y) / Double(high), right: Double(x + 1) / Double(wide),
        bottom: Double(y + 1) / Double(high))
    }
    switch text.graphics {
    case .halfBlocks:
      return (0..<rows).map { row in
        (0..<columns).map { column in
          text.paint(
            "▀", foreground: colour(column, 2 * row, of: columns, 2 * rows),
            background: colour(column, 2 * row + 1, of: columns, 2 * rows))
        }.joined()
      }
    case .ascii:
      let shades = Array(" .:-=+*#%@")
      return (0..<rows).map { row in
        String(
          (0..<columns).map { column in
            shades[Self.step(colour(column, row, of: columns, rows).lightness, of: shades.count)]
          })
      }
    default:
      var canvas = BrailleCanvas(columns: columns, rows: rows)
      for y in 0..<canvas.height {
        for x in 0..<canvas.width
        where colour(x, y, of: canvas.width, canvas.height).lightness > Self.threshold(x, y) { canvas.set(x, y) }
      }
      return (0..<rows).map { row in String((0..<columns).map { canvas.character($0, row) }) }
    }
  }

  /// Ordered dithering by the 4 x 4 matrix of Bayer (1973): as many dots as it is light.
  private static func threshold(_ x: Int, _ y: Int) -> Double {
    let matrix = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    return (Double(matrix[y % 4 * 4 + x % 4]) + 0.5) / 16
  }

  /// Points by their depth: brighter is nearer with colour; without, nearer ones stand above.
  func cloudLines(_ cloud: PointCloud, _ text: TerminalText) -> [String] {
    let seen = cloud.seen(atMost: 6_000)
    guard !seen.isEmpty else { return Self.nothing }
    if text.graphics == .halfBlocks { return coloured(seen, text) }
    var canvas = BrailleCanvas(columns: columns, rows: rows)
    // A character is about twice as high as wide, and so its dots are squares.
    let half = PointCloud.scale(of: seen, width: Double(canvas.width - 1), height: Double(canvas.height - 1))
    for point in seen {
      let x = Self.whole(Double(canvas.width - 1) / 2 + point.across * half)
      let y = Self.whole(Double(canvas.height - 1) / 2 - point.up * half)
      if text.isASCII {
        canvas.mark(x, y, with: Array(".:o@")[Self.step(point.nearness, of: 4)])
      } else {
        canvas.set(x, y)
      }
    }
    return (0..<rows).map { line($0, of: canvas, text) }
  }

  private func coloured(_ seen: [PointCloud.Seen], _ text: TerminalText) -> [String] {
    var pixels = [RGB?](repeating: nil, count: columns * rows * 2)
    let half = PointCloud.scale(of: seen, width: Double(columns - 1), height: Double(rows * 2 - 1))
    for point in seen {
      let x = Self.whole(Double(columns - 1) / 2 + point.across * half)
      let y = Self.whole(Double(rows * 2 - 1) / 2 - point.up * half)
      guard (0..<columns).contains(x), (0..<rows * 2).contains(y) else { continue }
      let colour = Palette.dark.colour(.series(point.label))
      pixels[y * columns + x] = RGB(0x303840).mixed(with: colour, share: 0.2 + 0.8 * point.nearness)
    }
    return (0..<rows).map { row in
      (0..<columns).map { column in
        switch (pixels[2 * row * columns + column], pixels[(2 * row + 1) * columns + column]) {
        case (nil, nil): " "
        case (let above?, nil): text.paint("▀", foreground: above)
        case (nil, let below?): text.paint("▄", foreground: below)
        case (let above?, let below?): text.paint("▀", foreground: above, background: below)
        }
      }.joined().trimmedEnd
    }
  }
}

extension String {
  /// Without the spaces and empty braille characters at its end.
  var trimmedEnd: String {
    var text = Substring(self)
    while text.last == " " || text.last == "\u{2800}" { text.removeLast() }
    return String(text)
  }
}
