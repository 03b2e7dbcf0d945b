extension TerminalPicture {
  /// Axes with ticks, and between them dots.
  func chartLines(_ chart: Chart?, _ text: TerminalText) -> [String] {
    guard let chart else { return Self.nothing }
    let yTicks = chart.yTicks(atMost: max(rows / 3, 2))
    let margin = min(yTicks.map(\.text.count).max() ?? 0, 10)
    var canvas = BrailleCanvas(columns: columns - margin - 2, rows: rows)
    for (index, layer) in chart.layers.enumerated() { draw(layer, index, of: chart, on: &canvas, text) }

    var labels: [Int: String] = [:]
    for tick in yTicks {
      let row = Self.whole((1 - chart.y.share(of: tick.value)) * Double(rows - 1))
      if labels[row] == nil { labels[row] = tick.text }
    }
    let (wall, notch) = text.isASCII ? (" |", " +") : (" │", " ┤")
    var lines = (0..<rows).map { row in
      text.right(text.caption(labels[row] ?? "", margin), margin) + (labels[row] == nil ? wall : notch)
        + line(row, of: canvas, text)
    }
    let (corner, floor) = text.isASCII ? (" +", "-") : (" └", "─")
    lines.append(text.spaces(margin) + corner + String(repeating: floor, count: canvas.columns))
    lines.append(text.spaces(margin + 2) + xLabels(of: chart, columns: canvas.columns))
    if let label = chart.xLabel {
      let shown = text.caption(label, canvas.columns)
      lines.append(text.spaces(margin + 2 + (canvas.columns - shown.columns) / 2) + shown)
    }
    if let label = chart.yLabel { lines.insert(text.caption(label, columns), at: 0) }
    lines += legend(of: chart, indent: margin + 2, text)
    if let note = chart.note { lines.append(text.spaces(margin + 2) + text.caption(note, canvas.columns)) }
    return lines
  }

  /// A whole number near a finite one of moderate size.
  static func whole(_ value: Double) -> Int { Int(exactly: min(max(value, -1e6), 1e6).rounded()) ?? 0 }

  /// Which of so many steps a share between 0 and 1 falls on.
  static func step(_ share: Double, of count: Int) -> Int {
    min(max(whole((share * Double(count)).rounded(.down)), 0), count - 1)
  }

  private func draw(
    _ layer: Chart.Layer, _ index: Int, of chart: Chart, on canvas: inout BrailleCanvas, _ text: TerminalText
  ) {
    let (width, height) = (Double(canvas.width - 1), Double(canvas.height - 1))
    func place(_ point: Chart.Point) -> (x: Double, y: Double) {
      (chart.x.share(of: point.x) * width, (1 - chart.y.share(of: point.y)) * height)
    }
    let isAlone = chart.layers.count == 1
    switch layer.shape {
    case .line(let parts):
      for part in parts {
        for (from, to) in zip(part, part.dropFirst()) { canvas.line(from: place(from), to: place(to), owner: index) }
        if part.count == 1 { canvas.line(from: place(part[0]), to: place(part[0]), owner: index) }
      }
      guard !isAlone else { return }
      // A mark now and then tells lines apart without colour; those of several series stand at different places.
      let points = parts.flatMap { $0 }
      let count = min(points.count, 5)
      for number in 0..<count {
        let share = (Double(number) + Double(index + 1) / Double(chart.layers.count + 1)) / Double(count)
        let point = place(points[min(Self.whole(share * Double(points.count) - 0.5), points.count - 1)])
        canvas.mark(Self.whole(point.x), Self.whole(point.y), with: text.mark(of: index), owner: index)
      }
    case .points(let points):
      for point in points.map(place) {
        let (x, y) = (Self.whole(point.x), Self.whole(point.y))
        if isAlone { canvas.set(x, y, owner: index) } else {
          canvas.mark(x, y, with: text.mark(of: index), owner: index)
        }
      }
    case .bars(let bars):
      for bar in bars where bar.y > 0 {
        let (left, right) = (place(.init(x: bar.left, y: bar.y)), place(.init(x: bar.right, y: 0)))
        let first = Self.whole(left.x)
        for x in first...max(first, Self.whole(right.x) - 1) {
          for y in Self.whole(left.y)...max(Self.whole(left.y), Self.whole(right.y)) {
            canvas.set(x, y, owner: index)
          }
        }
      }
    }
  }

  /// A row of the canvas; stretches of one colour are painted together.
  func line(_ row: Int, of canvas: BrailleCanvas, _ text: TerminalText) -> String {
    var line = ""
    var (stretch, owner): (String, Int?) = ("", nil)
    for column in 0..<canvas.columns {
      let character: Character
      if text.isASCII, canvas.marks[row * canvas.columns + column] == nil {
        character = canvas.isSet(column, row) ? text.mark(of: canvas.owners[row * canvas.columns + column] ?? 0) : " "
      } else {
        character = canvas.character(column, row)
      }
      let next = canvas.owners[row * canvas.columns + column]
      if next != owner {
        line += text.paint(stretch, series: owner)
        (stretch, owner) = ("", next)
      }
      stretch.append(character)
    }
    return (line + text.paint(stretch, series: owner)).trimmedEnd
  }

  /// The texts of ticks below the axis, each centred at its place, as many as fit.
  private func xLabels(of chart: Chart, columns: Int) -> String {
    for count in [8, 6, 5, 4, 3, 2, 1] {
      var line = ""
      var fits = true
      for tick in chart.xTicks(atMost: count) {
        let middle = Self.whole(chart.x.share(of: tick.value) * Double(columns - 1))
        let start = max(min(middle - (tick.text.count - 1) / 2, columns - tick.text.count), 0)
        fits = fits && (line.isEmpty || start > line.count + 1)
        line += String(repeating: " ", count: max(start - line.count, 0)) + tick.text
      }
      if fits || count == 1 { return String(line.prefix(columns)) }
    }
    return ""
  }

  private func legend(of chart: Chart, indent: Int, _ text: TerminalText) -> [String] {
    let names = chart.legend
    guard !names.isEmpty else { return [] }
    var lines: [(text: String, width: Int)] = []
    for (index, name) in names.enumerated() {
      // Alone it needs no mark; its dots are on the canvas.
      let mark = names.count > 1 ? "\(text.mark(of: index)) " : ""
      let shown = text.caption(name, columns - indent - 2)
      let width = shown.columns + mark.count
      let painted = text.paint(mark, series: index) + shown
      if let last = lines.last, last.width + 3 + width <= columns - indent {
        lines[lines.count - 1] = (last.text + "   " + painted, last.width + 3 + width)
      } else {
        lines.append((painted, width))
      }
    }
    return lines.map { text.spaces(indent) + $0.text }
  }
}
