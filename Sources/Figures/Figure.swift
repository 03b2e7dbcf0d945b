/// A picture as data: what is drawn, not how.
///
/// A figure holds what it was given, including numbers that cannot be drawn; `Drawing` and `TerminalPicture` leave
/// those out.
public struct Figure: Sendable, Equatable {
  /// What stands above; nil for nothing.
  public var title: String?
  public var content: Content

  public init(title: String? = nil, _ content: Content) {
    self.title = title
    self.content = content
  }

  /// The kinds of figures.
  public enum Content: Sendable, Equatable {
    case lines(LineChart)
    case histogram(Histogram)
    case bars(BarChart)
    case scatter(ScatterPlot)
    case grid(PictureGrid)
    case cloud(PointCloud)
    case confusion(ConfusionMatrix)
  }

  /// What kind of figure it is and how much it holds, for those who do not see it: `line chart of loss, 10 points`.
  public var summary: String {
    switch content {
    case .lines(let chart):
      let names = chart.series.map(\.name).filter { !$0.isEmpty }.prefix(8).joined(separator: ", ")
      let longest = chart.series.map(\.values.count).max() ?? 0
      return "line chart\(names.isEmpty ? "" : " of \(names)"), \(counted(longest, "point"))"
    case .histogram(let histogram): return "histogram of \(counted(histogram.values.count, "value"))"
    case .bars(let chart): return "bar chart of \(counted(chart.values.count, "value"))"
    case .scatter(let plot): return "scatter plot of \(counted(min(plot.x.count, plot.y.count), "point"))"
    case .grid(let grid): return "grid of \(counted(grid.pictures.count, "picture"))"
    case .cloud(let cloud): return "cloud of \(counted(cloud.points.count, "point"))"
    case .confusion(let matrix): return "confusion matrix of \(counted(matrix.size, "class", "classes"))"
    }
  }

  private func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many ?? one + "s")"
  }
}

/// How the numbers beside an axis are written.
public enum AxisStyle: Sendable, Equatable {
  /// `0.5`
  case plain
  /// `50%`; the number itself is 0.5
  case percent
}
