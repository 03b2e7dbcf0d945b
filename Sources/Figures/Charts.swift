/// Numbers in order as lines, one line a series.
public struct LineChart: Sendable, Equatable {
  /// A named line; a value that is not finite breaks it.
  public struct Series: Sendable, Equatable {
    public var name: String
    public var values: [Double]

    public init(name: String = "", values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  public var series: [Series]
  /// Where the values stand along the axis; 1, 2, 3, … if nil.
  public var positions: [Double]?
  public var xLabel: String?
  public var yLabel: String?
  public var xStyle: AxisStyle
  public var yStyle: AxisStyle

  public init(
    series: [Series], positions: [Double]? = nil, xLabel: String? = nil, yLabel: String? = nil,
    xStyle: AxisStyle = .plain, yStyle: AxisStyle = .plain
  ) {
    self.series = series
    self.positions = positions
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xStyle = xStyle
    self.yStyle = yStyle
  }
}

/// How often values fall into bins of equal width.
public struct Histogram: Sendable, Equatable {
  /// Those that are not finite fall into no bin.
  public var values: [Double]
  public var bins: Int
  public var xLabel: String?
  public var style: AxisStyle

  public init(values: [Double], bins: Int = 20, xLabel: String? = nil, style: AxisStyle = .plain) {
    self.values = values
    self.bins = bins
    self.xLabel = xLabel
    self.style = style
  }

  /// The most bins that are drawn.
  public static let mostBins = 400

  /// The edges of the bins, one more than bins, and how many values lie in each; nil without a finite value.
  ///
  /// A bin holds its lower edge; the last one holds its upper edge too.
  public func counts() -> (edges: [Double], counts: [Int])? {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    let scale = Scale(spanning: low, high)
    let bins = low == high ? 1 : min(max(bins, 1), Self.mostBins)
    var counts = [Int](repeating: 0, count: bins)
    for value in finite {
      let bin = Int(exactly: (scale.share(of: value) * Double(bins)).rounded(.down)) ?? 0
      counts[min(max(bin, 0), bins - 1)] += 1
    }
    return ((0...bins).map { scale.value(at: Double($0) / Double(bins)) }, counts)
  }
}

/// One bar a value, each with its name.
public struct BarChart: Sendable, Equatable {
  public var labels: [String]
  public var values: [Double]
  public var xLabel: String?
  public var style: AxisStyle

  public init(labels: [String], values: [Double], xLabel: String? = nil, style: AxisStyle = .plain) {
    self.labels = labels
    self.values = values
    self.xLabel = xLabel
    self.style = style
  }
}

/// Points in the plane, optionally of several classes.
public struct ScatterPlot: Sendable, Equatable {
  public var x: [Double]
  public var y: [Double]
  /// The class of each point, an index into `classNames`; nil if they are of one kind.
  public var classes: [Int]?
  public var classNames: [String]
  public var xLabel: String?
  public var yLabel: String?
  public var xStyle: AxisStyle
  public var yStyle: AxisStyle

  public init(
    x: [Double], y: [Double], classes: [Int]? = nil, classNames: [String] = [], xLabel: String? = nil,
    yLabel: String? = nil, xStyle: AxisStyle = .plain, yStyle: AxisStyle = .plain
  ) {
    self.x = x
    self.y = y
    self.classes = classes
    self.classNames = classNames
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xStyle = xStyle
    self.yStyle = yStyle
  }
}
