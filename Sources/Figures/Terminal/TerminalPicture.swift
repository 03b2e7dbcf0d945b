/// Figures as text for a terminal, as well as it can show them.
public struct TerminalPicture: Sendable {
  /// The columns of the whole picture; nothing is wider.
  public var columns: Int
  /// The rows of what is drawn, beside which title, axis and legend take their own.
  public var rows: Int
  public var graphics: TerminalGraphics

  /// - Parameters:
  ///   - columns: Brought within 24 to 400; 68 leave about 60 for the drawing.
  ///   - rows: Brought within 4 to 200.
  public init(columns: Int = 68, rows: Int = 15, graphics: TerminalGraphics = .braille) {
    self.columns = min(max(columns, 24), 400)
    self.rows = min(max(rows, 4), 200)
    self.graphics = graphics
  }

  /// The lines of the picture, without a line break at the end; what is one long line for kitty and sixel.
  public func render(_ figure: Figure) -> String {
    switch graphics {
    case .kitty, .sixel:
      // A character is taken for 8 x 16 pixels, as most terminals have it.
      let raster = Drawing(figure, width: Double(columns * 8)).rasterized()
      let text = graphics == .sixel ? Sixel.encode(raster) : Kitty.encode(raster, cellWidth: 8, cellHeight: 16)
      if let text { return text }
      return TerminalPicture(columns: columns, rows: rows, graphics: .braille).render(figure)
    case .halfBlocks, .braille, .ascii: return characters(figure)
    }
  }

  /// A figure as plain text, the same everywhere.
  public static func plain(_ figure: Figure) -> String { TerminalPicture().render(figure) }

  private func characters(_ figure: Figure) -> String {
    let text = TerminalText(graphics: graphics)
    var lines: [String]
    switch figure.content {
    case .lines(let lineChart): lines = chartLines(Chart(lineChart), text)
    case .histogram(let histogram): lines = chartLines(Chart(histogram), text)
    case .scatter(let scatter): lines = chartLines(Chart(scatter), text)
    case .bars(let bars): lines = barLines(bars, text)
    case .grid(let grid): lines = gridLines(grid, text)
    case .cloud(let cloud): lines = cloudLines(cloud, text)
    case .confusion(let matrix): lines = confusionLines(matrix, text)
    }
    if let title = figure.title, !title.isEmpty { lines.insert(text.caption("  " + title, columns), at: 0) }
    return lines.joined(separator: "\n")
  }

  /// What stands where a figure has nothing to draw.
  static let nothing = ["nothing to draw: there is not one finite number"]
}
