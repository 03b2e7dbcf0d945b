extension TerminalPicture {
  /// A line a bar: its name, the bar from zero, and its value.
  func barLines(_ chart: BarChart, _ text: TerminalText) -> [String] {
    let count = min(chart.labels.count, chart.values.count)
    guard count > 0, let scale = chart.scale else { return Self.nothing }
    let shown = min(count, 100)
    let names = chart.labels.prefix(shown).map { text.caption($0, columns / 3) }
    let texts = chart.values.prefix(shown).map { $0.figureText(chart.style) }
    let margin = names.map(\.columns).max() ?? 0
    let width = max(columns - margin - 3 - (texts.map(\.count).max() ?? 0), 4)
    let zero = Self.whole(scale.share(of: 0) * Double(width))
    var lines = (0..<shown).map { index in
      let value = chart.values[index]
      let end = value.isFinite ? scale.share(of: value) * Double(width) : Double(zero)
      let wall = text.isASCII ? "|" : "│"
      return text.right(names[index], margin) + " " + text.spaces(min(zero, Self.whole(end)))
        + (value < 0 ? text.paint(bar(Double(zero) - end, text), series: 0) : "") + wall
        + (value < 0 ? "" : text.paint(bar(end - Double(zero), text), series: 0)) + " " + texts[index]
    }
    if shown < count { lines.append("\(shown) of \(count) bars are drawn") }
    if let label = chart.xLabel {
      lines.append(text.spaces(margin + 2) + text.caption(label, columns - margin - 2))
    }
    return lines
  }

  /// A bar of a length in columns, to an eighth of one where the terminal has such blocks.
  private func bar(_ length: Double, _ text: TerminalText) -> String {
    if text.isASCII { return String(repeating: "#", count: max(Self.whole(length), 0)) }
    let eighths = max(Self.whole(length * 8), 0)
    let blocks = Array("▏▎▍▌▋▊▉")
    return String(repeating: "█", count: eighths / 8) + (eighths % 8 == 0 ? "" : String(blocks[eighths % 8 - 1]))
  }
}
