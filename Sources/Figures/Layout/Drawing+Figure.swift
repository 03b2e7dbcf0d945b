extension Drawing {
  /// The widths that figures are laid out for, in points.
  public static let widths = 240.0...2_000.0

  /// Lays a figure out.
  ///
  /// - Parameter width: In points, brought within `widths`; the height follows from what the figure holds, and small
  ///   grids of pictures and confusion matrices take less than the width.
  public init(_ figure: Figure, width: Double = 640) {
    let width = width.isFinite ? min(max(width, Self.widths.lowerBound), Self.widths.upperBound) : 640
    let title = figure.title?.caption(200)
    self.init(width: width, height: 0, title: title.map { "\($0): \(figure.summary)" } ?? figure.summary)
    var top = 16.0
    if let title, !title.isEmpty {
      add(title.cut(to: width - 32), at: Point(16, 26), font: .title, ink: .text)
      top = 40
    }
    switch figure.content {
    case .lines(let lines): layOut(Chart(lines), below: top)
    case .histogram(let histogram): layOut(Chart(histogram), below: top)
    case .scatter(let scatter): layOut(Chart(scatter), below: top)
    case .bars(let bars): layOut(bars, below: top)
    case .grid(let grid): layOut(grid, below: top)
    case .cloud(let cloud): layOut(cloud, below: top)
    case .confusion(let matrix): layOut(matrix, below: top)
    }
    marks.insert(.rectangle(x: 0, y: 0, width: self.width, height: height, ink: .background), at: 0)
  }

  mutating func add(
    _ text: String, at point: Point, anchor: Anchor = .start, font: Font = .label, ink: Ink = .muted
  ) {
    if !text.isEmpty { marks.append(.text(text, point, anchor: anchor, font: font, ink: ink)) }
  }

  /// What stands where a figure has nothing to draw.
  mutating func sayNothingToDraw(below top: Double) {
    add("nothing to draw: there is not one finite number", at: Point(16, top + 16))
    height = top + 36
  }

  /// A line of explanation; gives the room that is left below it.
  mutating func addNote(_ note: String?, below top: Double) -> Double {
    guard let note else { return top }
    add(note, at: Point(16, top + 8))
    return top + 20
  }
}

extension String {
  /// The beginning that fits into a width in points.
  func cut(to width: Double) -> String {
    caption(Int(exactly: (max(width, 0) / BitmapFont.advance).rounded(.down)) ?? 0)
  }
}

extension Double {
  /// The middle of the pixel that a line one point wide shall fill.
  var crisp: Double { rounded(.down) + 0.5 }
}
