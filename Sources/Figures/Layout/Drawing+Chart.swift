extension Drawing {
  /// Where the axes of a chart stand.
  struct Frame {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    func point(_ x: Double, _ y: Double) -> Point {
      Point(left + x * (right - left), bottom - y * (bottom - top))
    }
  }

  /// Axes, ticks, legend and shapes of a chart.
  mutating func layOut(_ chart: Chart?, below start: Double) {
    guard let chart else { return sayNothingToDraw(below: start) }
    height = (width * 0.625).rounded()
    let yTicks = chart.yTicks(atMost: 5)
    let tickWidth = yTicks.map { Self.width(of: $0.text) }.max() ?? 0
    let top = addLegend(of: chart, below: addNote(chart.note, below: start))
    let frame = Frame(
      left: 16 + (chart.yLabel == nil ? 0 : 20) + tickWidth + 8, top: top + 6, right: width - 20,
      bottom: height - 28 - (chart.xLabel == nil ? 0 : 20))
    addTicks(yTicks, of: chart, in: frame)
    for (index, layer) in chart.layers.enumerated() { add(layer, index, of: chart, in: frame) }
    let base = frame.bottom.crisp
    marks.append(.line(from: Point(frame.left, base), to: Point(frame.right, base), ink: .muted, width: 1))
    if let label = chart.xLabel?.caption(200) {
      let middle = (frame.left + frame.right) / 2
      add(label.cut(to: frame.right - frame.left), at: Point(middle, height - 10), anchor: .middle, ink: .text)
    }
    if let label = chart.yLabel?.caption(200) {
      let middle = (frame.top + frame.bottom) / 2
      add(
        label.cut(to: frame.bottom - frame.top), at: Point(24, middle), anchor: .middle, font: .upwards, ink: .text)
    }
  }

  private mutating func addTicks(_ yTicks: [Ticks.Tick], of chart: Chart, in frame: Frame) {
    for tick in yTicks {
      let y = frame.point(0, chart.y.share(of: tick.value)).y.crisp
      marks.append(.line(from: Point(frame.left, y), to: Point(frame.right, y), ink: .grid, width: 1))
      add(tick.text, at: Point(frame.left - 8, y + 4), anchor: .end)
    }
    for tick in xTicks(of: chart, in: frame) {
      let x = frame.point(chart.x.share(of: tick.value), 0).x
      let base = frame.bottom.crisp
      marks.append(.line(from: Point(x.crisp, base), to: Point(x.crisp, base + 4), ink: .muted, width: 1))
      // The last text must not leave the picture.
      let half = Self.width(of: tick.text) / 2
      add(tick.text, at: Point(min(x, width - 4 - half), base + 17), anchor: .middle)
    }
  }

  /// As many ticks as have room for their texts.
  private func xTicks(of chart: Chart, in frame: Frame) -> [Ticks.Tick] {
    for count in [10, 8, 6, 5, 4, 3, 2] {
      let ticks = chart.xTicks(atMost: count)
      let places = ticks.map { frame.point(chart.x.share(of: $0.value), 0).x }
      let distance = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? .infinity
      if distance >= (ticks.map { Self.width(of: $0.text) }.max() ?? 0) + 16 { return ticks }
    }
    return chart.xTicks(atMost: 1)
  }

  /// A sample and a name for each layer, in as many lines as it takes; gives the room that is left below.
  private mutating func addLegend(of chart: Chart, below top: Double) -> Double {
    let names = chart.legend
    guard !names.isEmpty else { return top }
    var (x, y) = (16.0, top + 6)
    for (index, (name, layer)) in zip(names, chart.layers).enumerated() {
      let room = 26 + 6 + Self.width(of: name) + 20
      if x > 16, x + room > width { (x, y) = (16, y + 18) }
      let form = PlotSymbol.of(series: index)
      switch layer.shape {
      case .line(let parts):
        let ends = [Point(x, y), Point(x + 26, y)]
        marks.append(.polyline(ends, ink: .series(index), width: 2, dash: Palette.dash(of: index)))
        if Self.showsPoints(parts) {
          marks.append(.symbols(form, [Point(x + 13, y)], radius: 3.5, ink: .series(index), opacity: 1))
        }
      case .points, .bars:
        marks.append(.symbols(form, [Point(x + 18, y)], radius: 4, ink: .series(index), opacity: 1))
      }
      add(name, at: Point(x + 32, y + 4), ink: .text)
      x += room
    }
    return y + 12
  }

  /// Whether the values of a line are few enough to mark each.
  private static func showsPoints(_ parts: [[Chart.Point]]) -> Bool {
    parts.reduce(0) { $0 + $1.count } <= 30
  }

  private mutating func add(_ layer: Chart.Layer, _ index: Int, of chart: Chart, in frame: Frame) {
    func place(_ point: Chart.Point) -> Point {
      frame.point(chart.x.share(of: point.x), chart.y.share(of: point.y))
    }
    let form = PlotSymbol.of(series: index)
    switch layer.shape {
    case .line(let parts):
      for part in parts where part.count > 1 {
        marks.append(
          .polyline(part.map(place), ink: .series(index), width: 2, dash: Palette.dash(of: index)))
      }
      // A value alone between two breaks is a point, or nothing would be seen of it.
      let marked = Self.showsPoints(parts) ? parts.flatMap { $0 } : parts.filter { $0.count == 1 }.flatMap { $0 }
      if !marked.isEmpty {
        marks.append(.symbols(form, marked.map(place), radius: 3.5, ink: .series(index), opacity: 1))
      }
    case .points(let points):
      let radius = points.count <= 200 ? 4 : points.count <= 1_000 ? 3 : 2.0
      marks.append(.symbols(form, points.map(place), radius: radius, ink: .series(index), opacity: 0.75))
    case .bars(let bars):
      for bar in bars {
        let corner = place(Chart.Point(x: bar.left, y: bar.y))
        let width = place(Chart.Point(x: bar.right, y: 0)).x - corner.x
        let gap = width > 4 ? 1.0 : 0
        guard bar.y > 0 else { continue }
        marks.append(
          .rectangle(
            x: corner.x + gap / 2, y: corner.y, width: width - gap, height: frame.bottom - corner.y,
            ink: .series(index)))
      }
    }
  }
}
