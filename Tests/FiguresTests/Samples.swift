@testable import Figures

/// One figure of each kind, small enough to read.
enum Sample {
  static let line = Figure(title: "loss", .lines(LineChart(series: [.init(values: [4, 2, 1, 0.5])], xLabel: "epoch")))
  static let lines = Figure(
    .lines(
      LineChart(
        series: [.init(name: "free", values: [0.5, 0.7, 0.9]), .init(name: "aware", values: [0.4, .nan, 0.8])],
        yStyle: .percent)))
  static let histogram = Figure(.histogram(Histogram(values: [0, 1, 1, 2, 2, 2, 3, 4], bins: 4)))
  static let bars = Figure(.bars(BarChart(labels: ["pruning", "none"], values: [0.5, 1], style: .percent)))
  static let scatter = Figure(
    .scatter(ScatterPlot(x: [0, 1, 2], y: [0, 1, 4], classes: [0, 1, 1], classNames: ["a", "b"])))
  static let grid = Figure(.grid(PictureGrid(pictures: [halves, halves], captions: ["one", "two"], columns: 2)))
  static let cloud = Figure(
    .cloud(PointCloud(points: [.init(0, 0, 0), .init(1, 0, 0), .init(0, 1, 0), .init(0, 0, 1)])))
  static let confusion = Figure(
    .confusion(ConfusionMatrix(counts: [[8, 2], [0, 10]], classNames: ["shirt", "coat"])))

  static let all = [line, lines, histogram, bars, scatter, grid, cloud, confusion]

  /// Black on the left, white on the right, 4 x 4.
  static var halves: Raster {
    var raster = Raster(width: 4, height: 4, filledWith: RGB(0, 0, 0))
    for y in 0..<4 {
      for x in 2..<4 { raster[x, y] = RGB(255, 255, 255) }
    }
    return raster
  }
}

/// A small generator (SplitMix64), so that a failure can be repeated.
struct Draws {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func integer(below count: Int) -> Int { Int(next() % UInt64(count)) }
}
