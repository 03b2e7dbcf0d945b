/// A figure with two axes, before anybody knows how large it is drawn or with what: shapes in the units of the data.
struct Chart {
  struct Point: Equatable {
    var x: Double
    var y: Double
  }

  /// A bar from zero to `y`.
  struct Bar: Equatable {
    var left: Double
    var right: Double
    var y: Double
  }

  enum Shape: Equatable {
    /// The unbroken parts of a line.
    case line([[Point]])
    case points([Point])
    case bars([Bar])
  }

  struct Layer: Equatable {
    var name: String
    var shape: Shape
  }

  var x: Scale
  var y: Scale
  var xLabel: String?
  var yLabel: String?
  var xStyle = AxisStyle.plain
  var yStyle = AxisStyle.plain
  var xIsWhole = false
  var yIsWhole = false
  var layers: [Layer]
  /// What the reader must know, such as that not all points are drawn.
  var note: String?

  /// The most layers that are drawn, more than anybody can tell apart.
  static let mostLayers = 24
  private static let mostPoints = 4_000

  func xTicks(atMost count: Int) -> [Ticks.Tick] {
    Ticks(of: x, atMost: count, style: xStyle, wholeNumbers: xIsWhole).ticks
  }

  func yTicks(atMost count: Int) -> [Ticks.Tick] {
    Ticks(of: y, atMost: count, style: yStyle, wholeNumbers: yIsWhole).ticks
  }

  /// The names of the layers, if there is anything to tell apart.
  var legend: [String] {
    layers.count > 1 || layers.contains { !$0.name.isEmpty } ? layers.map { $0.name.caption(24) } : []
  }

  // MARK: From figures

  /// Nil if there is not one number to draw.
  init?(_ lines: LineChart) {
    let count = lines.series.map(\.values.count).max() ?? 0
    let positions = lines.positions?.prefix(count).filter(\.isFinite) ?? []
    let series = lines.series.prefix(Self.mostLayers)
    let layers = series.map { series in
      Layer(name: series.name, shape: .line(Self.parts(of: series.values, at: lines.positions)))
    }
    let points = layers.flatMap { layer -> [Point] in
      if case .line(let parts) = layer.shape { parts.flatMap { $0 } } else { [] }
    }
    guard let low = points.map(\.y).min(), let high = points.map(\.y).max() else { return nil }
    let isCounted = lines.positions == nil
    x = Scale(
      spanning: isCounted ? 1 : positions.min() ?? 0, isCounted ? Double(max(count, 1)) : positions.max() ?? 0)
    y = Scale(spanning: low, high).extendedToTicks(atMost: 5)
    (xLabel, yLabel, xStyle, yStyle) = (lines.xLabel, lines.yLabel, lines.xStyle, lines.yStyle)
    xIsWhole = isCounted && count > 1
    self.layers = layers
    let left = lines.series.count - layers.count
    if left > 0 { note = "\(left) more series are not drawn" }
  }

  /// Nil if there is not one number to draw.
  init?(_ histogram: Histogram) {
    guard let (edges, counts) = histogram.counts(), let low = edges.first, let high = edges.last else { return nil }
    x = Scale(spanning: low, high)
    y = Scale(spanning: 0, Double(counts.max() ?? 1)).extendedToTicks(atMost: 5, wholeNumbers: true)
    (xLabel, xStyle, yLabel) = (histogram.xLabel, histogram.style, "count")
    yIsWhole = true
    layers = [
      Layer(
        name: "",
        shape: .bars(counts.indices.map { Bar(left: edges[$0], right: edges[$0 + 1], y: Double(counts[$0])) }))
    ]
    let missing = histogram.values.count - counts.reduce(0, +)
    if missing > 0 { note = "\(missing) of \(histogram.values.count) values are not finite" }
  }

  /// Nil if there is not one point to draw.
  init?(_ scatter: ScatterPlot) {
    let finite = (0..<min(scatter.x.count, scatter.y.count)).filter {
      scatter.x[$0].isFinite && scatter.y[$0].isFinite
    }
    let shown = finite.thinned(to: Self.mostPoints)
    let points = shown.map { Point(x: scatter.x[$0], y: scatter.y[$0]) }
    guard let left = points.map(\.x).min(), let right = points.map(\.x).max(), let low = points.map(\.y).min(),
      let high = points.map(\.y).max()
    else { return nil }
    x = Scale(spanning: left, right).extendedToTicks(atMost: 6)
    y = Scale(spanning: low, high).extendedToTicks(atMost: 5)
    (xLabel, yLabel, xStyle, yStyle) = (scatter.xLabel, scatter.yLabel, scatter.xStyle, scatter.yStyle)
    if let classes = scatter.classes {
      var byClass: [Int: [Point]] = [:]
      for (index, point) in zip(shown, points) {
        byClass[classes.indices.contains(index) ? classes[index] : 0, default: []].append(point)
      }
      layers = byClass.keys.sorted().prefix(Self.mostLayers).map { label in
        let name = scatter.classNames.indices.contains(label) ? scatter.classNames[label] : String(label)
        return Layer(name: name, shape: .points(byClass[label] ?? []))
      }
    } else {
      layers = [Layer(name: "", shape: .points(points))]
    }
    if shown.count < finite.count { note = "\(shown.count) of \(finite.count) points are drawn" }
  }

  /// A line's unbroken parts, thinned where it has more points than anybody sees.
  private static func parts(of values: [Double], at positions: [Double]?) -> [[Point]] {
    func position(_ index: Int) -> Double {
      guard let positions else { return Double(index + 1) }
      return positions.indices.contains(index) ? positions[index] : .nan
    }
    var parts: [[Point]] = [[]]
    for index in thinned(values) {
      let point = Point(x: position(index), y: values[index])
      if point.x.isFinite, point.y.isFinite {
        parts[parts.count - 1].append(point)
      } else if parts.last?.isEmpty == false {
        parts.append([])
      }
    }
    return parts.filter { !$0.isEmpty }
  }

  /// The positions that keep a line's look: of each stretch the first, the lowest, the highest and the last value, and
  /// one that is not finite.
  private static func thinned(_ values: [Double]) -> [Int] {
    guard values.count > mostPoints else { return Array(values.indices) }
    let stretches = mostPoints / 4
    return (0..<stretches).flatMap { stretch -> [Int] in
      let range = stretch * values.count / stretches..<(stretch + 1) * values.count / stretches
      let finite = range.filter { values[$0].isFinite }
      let kept: [Int?] = [
        finite.first, finite.min { values[$0] < values[$1] }, finite.max { values[$0] < values[$1] }, finite.last,
        range.first { !values[$0].isFinite },
      ]
      return Set(kept.compactMap { $0 }).sorted()
    }
  }
}
