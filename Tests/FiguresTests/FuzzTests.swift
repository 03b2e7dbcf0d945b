import Testing

@testable import Figures

/// Figures that nobody meant: whatever they hold, every way of drawing them ends, stays in bounds, and gives the same
/// bytes again.
@Suite struct FuzzTests {
  private static let numbers: [Double] = [
    0, -0.0, 1, -1, 0.5, 3, 1e308, -1e308, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e-300, 1e17, .nan,
    .infinity, -.infinity,
  ]
  private static let texts = [
    "", "a", "ankle boot", "\u{1B}[31m", "漢字かな", "e\u{301}\u{301}\u{301}", "<b>&\"", "\n\t\u{0}", "👩‍👩‍👧", "x…y",
    String(repeating: "long ", count: 200), "\u{202E}\u{FFFE}",
  ]

  private func number(_ draws: inout Draws) -> Double {
    draws.integer(below: 3) == 0
      ? Self.numbers[draws.integer(below: Self.numbers.count)] : Double(draws.integer(below: 2_000)) / 100 - 10
  }

  private func numbers(_ draws: inout Draws) -> [Double] {
    let count = [0, 1, 2, 7, 40][draws.integer(below: 5)]
    return (0..<count).map { _ in number(&draws) }
  }

  private func text(_ draws: inout Draws) -> String { Self.texts[draws.integer(below: Self.texts.count)] }

  private func integer(_ draws: inout Draws) -> Int {
    [0, 1, 2, 5, 23, -1, .max, .min][draws.integer(below: 8)]
  }

  private func figure(_ draws: inout Draws) -> Figure {
    let style: AxisStyle = draws.integer(below: 2) == 0 ? .plain : .percent
    let label = draws.integer(below: 2) == 0 ? nil : text(&draws)
    let content: Figure.Content
    switch draws.integer(below: 7) {
    case 0:
      let series = (0..<draws.integer(below: 30)).map { _ in
        LineChart.Series(name: text(&draws), values: numbers(&draws))
      }
      content = .lines(
        LineChart(
          series: series, positions: draws.integer(below: 2) == 0 ? nil : numbers(&draws), xLabel: label,
          yLabel: label, xStyle: style, yStyle: style))
    case 1: content = .histogram(Histogram(values: numbers(&draws), bins: integer(&draws), xLabel: label, style: style))
    case 2:
      let labels = (0..<draws.integer(below: 30)).map { _ in text(&draws) }
      content = .bars(BarChart(labels: labels, values: numbers(&draws), xLabel: label, style: style))
    case 3:
      let classes = (0..<draws.integer(below: 30)).map { _ in integer(&draws) }
      content = .scatter(
        ScatterPlot(
          x: numbers(&draws), y: numbers(&draws), classes: draws.integer(below: 2) == 0 ? nil : classes,
          classNames: [text(&draws)], xLabel: label, xStyle: style))
    case 4:
      let pictures = (0..<draws.integer(below: 12)).map { _ in
        Raster(width: 1 + draws.integer(below: 40), height: 1 + draws.integer(below: 40), filledWith: RGB(9, 99, 200))
      }
      content = .grid(PictureGrid(pictures: pictures, captions: [text(&draws)], columns: integer(&draws)))
    case 5:
      let points = (0..<draws.integer(below: 40)).map { _ in
        PointCloud.Point(number(&draws), number(&draws), number(&draws))
      }
      content = .cloud(
        PointCloud(points: points, labels: [integer(&draws)], azimuth: number(&draws), elevation: number(&draws)))
    default:
      let counts = (0..<draws.integer(below: 14)).map { _ in numbers(&draws) }
      content = .confusion(ConfusionMatrix(counts: counts, classNames: [text(&draws)]))
    }
    return Figure(title: label, content)
  }

  @Test(arguments: 0..<8)
  func anyFigureCanBeDrawn(round: Int) throws {
    for step in 0..<60 {
      var draws = Draws(seed: UInt64(round * 1_000 + step))
      let figure = figure(&draws)
      let width = [240.0, 640, .nan, -5, 1e9][draws.integer(below: 5)]
      let drawing = Drawing(figure, width: width)
      #expect((40...2_000).contains(drawing.width) && (40...20_000).contains(drawing.height), "\(figure)")
      let svg = SVG.render(drawing)
      #expect(svg == SVG.render(Drawing(figure, width: width)))
      #expect(!svg.contains("nan") || svg.contains(">nan<"))
      #expect(!svg.contains("=\"inf") && !svg.contains("\u{1B}"))
      if step % 10 == 0, drawing.width < 700 {
        #expect(drawing.rasterized() == Drawing(figure, width: width).rasterized())
      }
      for graphics in [TerminalGraphics.halfBlocks, .braille, .ascii] {
        let columns = 24 + draws.integer(below: 80)
        let picture = TerminalPicture(columns: columns, rows: draws.integer(below: 30), graphics: graphics)
        let text = picture.render(figure)
        #expect(!text.isEmpty)
        #expect(graphics == .halfBlocks || !text.contains("\u{1B}"))
        #expect(graphics != .ascii || text.allSatisfy { $0.isASCII })
      }
    }
  }

  @Test func hugeFiguresAreBounded() {
    let values = (0..<200_000).map { Double($0 % 1_000) }
    let matrix = [[Double]](repeating: [Double](repeating: 1, count: 300), count: 300)
    let points = values.map { PointCloud.Point($0, $0 * $0, -$0) }
    let figures: [Figure.Content] = [
      .lines(LineChart(series: [.init(values: values)])), .scatter(ScatterPlot(x: values, y: values)),
      .cloud(PointCloud(points: points)), .confusion(ConfusionMatrix(counts: matrix)),
      .bars(BarChart(labels: values.map { "\($0)" }, values: values)),
    ]
    for content in figures {
      #expect(SVG.render(Drawing(Figure(content))).utf8.count < 1_000_000)
      #expect(TerminalPicture.plain(Figure(content)).utf8.count < 50_000)
    }
  }
}
