extension Drawing {
  private static let mostBars = 200
  private static let rowHeight = 24.0

  /// A row a bar: its name, the bar from zero, and its value at the end.
  mutating func layOut(_ chart: BarChart, below start: Double) {
    let count = min(chart.labels.count, chart.values.count)
    let scale = chart.scale
    guard count > 0, let scale else { return sayNothingToDraw(below: start) }
    let shown = min(count, Self.mostBars)
    let top = addNote(shown < count ? "\(shown) of \(count) bars are drawn" : nil, below: start)
    let names = chart.labels.prefix(shown).map { $0.caption(60).cut(to: width * 0.3) }
    let texts = chart.values.prefix(shown).map { $0.figureText(chart.style) }
    let room = (texts.map { Self.width(of: $0) }.max() ?? 0) + 8
    let left = 16 + (names.map { Self.width(of: $0) }.max() ?? 0) + 10 + (scale.low < 0 ? room : 0)
    let frame = Frame(
      left: left, top: top, right: max(width - 16 - (scale.high > 0 ? room : 0), left + 20),
      bottom: top + Double(shown) * Self.rowHeight)
    let zero = frame.point(scale.share(of: 0), 0).x
    for (index, value) in chart.values.prefix(shown).enumerated() {
      let y = top + Double(index) * Self.rowHeight
      let end = value.isFinite ? frame.point(scale.share(of: value), 0).x : zero
      add(names[index], at: Point(16, y + 16), ink: .text)
      if end != zero {
        marks.append(
          .rectangle(x: min(zero, end), y: y + 4, width: abs(end - zero), height: 16, ink: .series(0)))
      }
      add(texts[index], at: Point(value < 0 ? end - 6 : end + 6, y + 16), anchor: value < 0 ? .end : .start)
    }
    marks.append(
      .line(from: Point(zero.crisp, frame.top), to: Point(zero.crisp, frame.bottom), ink: .muted, width: 1))
    height = frame.bottom + 14
    if let label = chart.xLabel?.caption(200) {
      let middle = (frame.left + frame.right) / 2
      add(label.cut(to: frame.right - frame.left), at: Point(middle, height + 8), anchor: .middle, ink: .text)
      height += 20
    }
  }
}

extension BarChart {
  /// From the lowest to the highest value, zero included; nil without a finite value.
  var scale: Scale? {
    let finite = zip(labels, values).map(\.1).filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    return low == 0 && high == 0 ? Scale(spanning: 0, 1) : Scale(spanning: min(low, 0), max(high, 0))
  }
}
