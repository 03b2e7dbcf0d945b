import Figures
import Foundation
import Language
import Testing

@testable import Runtime

/// An output that keeps figures as data.
private final class Gallery: SessionOutput {
  var lines: [String] = []
  var figures: [Figure] = []

  func print(_ text: String) { lines.append(text) }
  func echo(_ text: String) { lines.append(text) }
  func report(_ diagnostic: Diagnostic) { lines.append(diagnostic.message) }
  func note(_ text: String) {}
  func show(_ figure: Figure) {
    figures.append(figure)
    lines.append("figure \(figures.count)")
  }
}

@Suite struct FigureNativeTests {
  private func gallery(_ script: String, echo: EchoPolicy = .nothing) -> Gallery {
    var options = SessionOptions()
    options.echo = echo
    let gallery = Gallery()
    _ = Session(options: options, output: gallery).run(Source(name: "t", text: script))
    return gallery
  }

  private static let net = "net = input([1, 28, 28]) |> flatten |> dense(10) |> model_of()\n"

  @Test(arguments: [EchoPolicy.nothing, .all, .prompt])
  func aBareFigureIsShownOnce(echo: EchoPolicy) {
    #expect(gallery("plot([1, 2])", echo: echo).lines == ["figure 1"])
    #expect(gallery("plot([1, 2]) ;", echo: echo).lines.isEmpty)
  }

  @Test func insideALoopPrintShowsIt() {
    #expect(gallery("for i in 1..2 { plot([i, 2]) }").lines.isEmpty)
    #expect(
      gallery("for i in 1..2 { print(\"turn\", i, plot([i, 2]), \"over\") }").lines
        == ["turn 1", "figure 1", "over", "turn 2", "figure 2", "over"])
  }

  @Test func withoutPicturesItIsPlainText() {
    let run = Run("bars({a: 50%, b: 100%})")
    #expect(run.lines.count == 1 && run.lines[0].hasPrefix("a │██") && run.lines[0].hasSuffix("█ 100%"))
    #expect(Run("x = [plot([1], title: \"loss\")]\nx").lines == ["[figure \"loss\"]"])
  }

  @Test func plotTakesNamesStylesAndPositions() {
    let figures = gallery(
      "plot({free: [10%, 20%], aware: [15%, 1/0]}, title: \"both\", x: \"rate\", y: \"accuracy\", at: [0%, 50%])"
    ).figures
    let chart = LineChart(
      series: [.init(name: "free", values: [0.1, 0.2]), .init(name: "aware", values: [0.15, .infinity])],
      positions: [0, 0.5], xLabel: "rate", yLabel: "accuracy", xStyle: .percent, yStyle: .percent)
    #expect(figures == [Figure(title: "both", .lines(chart))])
    #expect(
      gallery("plot(table({epoch: [1, 2], name: [\"a\", \"b\"]}))").figures
        == [Figure(.lines(LineChart(series: [.init(name: "epoch", values: [1, 2])])))])
  }

  @Test func curvesOfOneTableStandApart() {
    let curve = """
      table({method: ["ll", "ll", "al", "al"], epoch: [0, 1, 0, 1], free: [10%, 20%, 30%, 40%]})
      """
    guard case .lines(let chart)? = gallery("plot(\(curve), x: \"epoch\")").figures.first?.content else {
      Issue.record("no lines")
      return
    }
    #expect(chart.series.map(\.name) == ["ll", "al"])
    #expect(chart.series.map { $0.values.map { $0.isNaN ? nil : $0 } } == [[0.1, 0.2, nil, nil], [nil, nil, 0.3, 0.4]])
    #expect(
      gallery("plot(\(curve), x: \"epochs\")").lines.first == "plot: the table has no column 'epochs'")
    #expect(
      gallery("plot(\(curve), x: \"method\")").lines.first
        == "plot: the column 'method' holds no numbers to lie along an axis")
  }

  @Test func theOtherCharts() {
    #expect(
      gallery("histogram(tensor([1, 2, 3]), bins: 3, x: \"weight\")").figures
        == [Figure(.histogram(Histogram(values: [1, 2, 3], bins: 3, xLabel: "weight")))])
    let table = "table({attack: [\"prune\", \"flip\"], free: [90%, 80%], aware: [1%, 2%]})"
    #expect(
      gallery("bars(\(table), column: \"aware\")").figures
        == [Figure(.bars(BarChart(labels: ["prune", "flip"], values: [0.01, 0.02], xLabel: "aware", style: .percent)))])
    #expect(
      gallery("scatter([1, 2, 3], [4, 5, 6], classes: [7, 3, 7])").figures
        == [Figure(.scatter(ScatterPlot(x: [1, 2, 3], y: [4, 5, 6], classes: [1, 0, 1], classNames: ["3", "7"])))])
    #expect(
      gallery("cloud([[1, 2, 3], [4, 5, 6]], azimuth: 10, labels: [0, 1])").figures
        == [Figure(.cloud(PointCloud(points: [.init(1, 2, 3), .init(4, 5, 6)], labels: [0, 1], azimuth: 10)))])
    #expect(gallery("cloud({points: zeros([1, 4, 3]), label: 2})").figures.count == 1)
  }

  @Test func gridsShowWhatTheSplitHolds() throws {
    let figure = try #require(gallery("grid(fashion(raw: true).test, count: 3)").figures.first)
    guard case .grid(let grid) = figure.content else { return #expect(Bool(false), "no grid") }
    #expect(grid.pictures.map(\.width) == [28, 28, 28] && grid.captions.count == 3)
    // The same pictures as a tensor of values 0…1, without captions.
    let same = try #require(gallery("grid(fashion(raw: true).test.images, count: 3)").figures.first)
    #expect(same == Figure(.grid(PictureGrid(pictures: grid.pictures))))
    // Colours stand beside each other in a raster, one after the other in a tensor.
    let colour = gallery("grid(reshape(tensor([1, 0, 0, 1, 0, 1]), [3, 1, 2]), captions: [\"two\"])").figures.first
    let raster = try #require(Raster(width: 2, height: 1, channels: 3, bytes: [255, 0, 0, 0, 255, 255]))
    #expect(colour == Figure(.grid(PictureGrid(pictures: [raster], captions: ["two"]))))
    // Values beyond 0…1 are spread over the greys; what is not finite is black.
    let spread = gallery("grid(reshape(tensor([-1, 1, 0/0]), [1, 3]))").figures.first
    let greys = try #require(Raster(width: 3, height: 1, channels: 1, bytes: [0, 255, 0]))
    #expect(spread == Figure(.grid(PictureGrid(pictures: [greys]))))
  }

  @Test func confusionIsATensorThatShowsItself() throws {
    let script = Self.net + """
      c = confusion(net, fashion().test |> take(50))
      c
      expect sum(c) == 50
      expect shape(c) == [10, 10]
      expect c[0, 0] + sum(c[1..9]) <= 50
      expect sum(c == c) == 100
      plot(c, title: "all of them")
      c + 0
      """
    let found = gallery(script, echo: .all)
    #expect(found.figures.count == 2 && found.figures.last?.title == "all of them")
    #expect(found.lines.last?.hasPrefix("tensor [10, 10]") == true)
    guard case .confusion(let matrix)? = found.figures.first?.content else { return #expect(Bool(false), "no matrix") }
    #expect(matrix.size == 10 && matrix.classNames.contains("trouser"))
  }

  @Test func figuresAreSavedWhole() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = Run("f = plot([1, 2])\nsave(f, \"\(folder.path)/a.svg\")\nsave(f, \"\(folder.path)/b.PNG\")")
    #expect(run.errors == "")
    let figure = Figure(.lines(LineChart(series: [.init(values: [1, 2])])))
    func bytes(_ name: String) throws -> [UInt8] {
      try [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
    }
    #expect(try bytes("a.svg") == Array(SVG.render(Drawing(figure)).utf8))
    #expect(try bytes("b.PNG") == PNG.encode(Drawing(figure).rasterized()))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.svg", "b.PNG"])
  }

  @Test func aTitleCanBeChanged() {
    let script = "f = plot([1])\nf.title = \"new\"\nf.title\nf == plot([1], title: \"new\")"
    #expect(Run(script).lines == ["\"new\"", "true"])
  }

  @Test(arguments: [
    ("plot([])", "plot: there are no numbers to draw"),
    ("plot([0/0, 1/0])", "plot: not one of the numbers is finite, so there is nothing to draw"),
    ("plot({a: [1], b: 2})", "plot: 'b' must be a list of numbers, not a number"),
    ("plot([1, 2], at: [1])", "plot: 1 positions for 2 values"),
    ("plot(zeros([2, 2]))", "plot: 'values' must be a list of numbers or a tensor of one axis, not [2, 2]"),
    ("histogram([])", "histogram: there are no numbers to draw"),
    ("histogram([1], bins: 1e6)", "histogram: 'bins' must be from 1 to 400, not 1000000"),
    ("bars([1])", "bars: 'values' must be a record of numbers or a table, not a list"),
    ("bars(table({a: [1], b: [\"x\"]}))", "bars: the table has no column of numbers"),
    ("scatter([1], [1, 2])", "scatter: x holds 1 numbers and y 2"),
    ("scatter([0/0], [1])", "scatter: not one of the numbers is finite, so there is nothing to draw"),
    ("scatter([1], [1], classes: [])", "scatter: 0 classes for 1 points"),
    ("grid(zeros([2, 2, 4, 4]))", "grid: pictures have the shape [count, 1 or 3, height, width], not [2, 2, 4, 4]"),
    ("grid(zeros([0, 1, 4, 4]))", "grid: there are no pictures"),
    ("grid(zeros([1, 1, 4, 4]), count: 1000)", "grid: 'count' must be from 1 to 400, not 1000"),
    ("grid(zeros([2, 1, 4, 4]), captions: [1])", "grid: 1 captions for 2 pictures"),
    ("cloud(zeros([2, 5, 3]))", "cloud: a cloud has the shape [points, 3], not [2, 5, 3]"),
    ("cloud(zeros([0, 3]))", "cloud: there are no numbers to draw"),
    ("cloud(zeros([2, 3]), azimuth: 1e9)", "cloud: 'azimuth' must lie in -360 to 360, not 1000000000"),
    ("save(plot([1]), \"x.gif\")", "save: a figure is saved as *.svg or *.png, not as \"x.gif\""),
    ("save(zeros([1]), \"x.svg\")", "save: a tensor is no figure, and *.svg holds one"),
  ])
  func mistakes(_ script: String, _ message: String) { #expect(Run(script).messages == [message]) }
}
