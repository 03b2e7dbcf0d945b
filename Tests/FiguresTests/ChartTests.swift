import Testing

@testable import Figures

@Suite struct ChartTests {
  @Test func aNumberThatIsNotFiniteBreaksTheLine() throws {
    let chart = try #require(Chart(LineChart(series: [.init(values: [1, 2, .nan, 4, .infinity])])))
    #expect(chart.layers[0].shape == .line([[.init(x: 1, y: 1), .init(x: 2, y: 2)], [.init(x: 4, y: 4)]]))
  }

  @Test func nothingFiniteIsNoChart() {
    #expect(Chart(LineChart(series: [.init(values: [.nan])])) == nil)
    #expect(Chart(Histogram(values: [])) == nil)
    #expect(Chart(ScatterPlot(x: [1], y: [.nan])) == nil)
  }

  @Test func longLinesKeepTheirPeaksAndBreaks() throws {
    var values = (0..<1_000_000).map { Double($0 % 10) }
    values[123_456] = 1e6
    values[654_321] = -1e6
    values[500_000] = .nan
    let chart = try #require(Chart(LineChart(series: [.init(values: values)])))
    guard case .line(let parts) = chart.layers[0].shape else { return #expect(Bool(false), "no line") }
    let points = parts.flatMap { $0 }
    #expect(points.count < 6_000)
    #expect(parts.count == 2)
    #expect(points.contains(.init(x: 123_457, y: 1e6)) && points.contains(.init(x: 654_322, y: -1e6)))
    #expect(points.first == .init(x: 1, y: 0) && points.last == .init(x: 1_000_000, y: 9))
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.x < $1.x })
  }

  @Test func scatterSaysHowManyPointsItDraws() throws {
    let numbers = (0..<10_000).map(Double.init)
    let chart = try #require(Chart(ScatterPlot(x: numbers, y: numbers)))
    #expect(chart.note == "4000 of 10000 points are drawn")
  }

  @Test func binsHoldTheirLowerEdge() throws {
    let (edges, counts) = try #require(Histogram(values: [0, 1, 1, 2, 2, 2, 3, 4, .nan], bins: 4).counts())
    #expect(edges == [0, 1, 2, 3, 4])
    #expect(counts == [1, 2, 3, 2])
    #expect(try #require(Histogram(values: [5, 5]).counts()).counts == [2])
    let wide = try #require(Histogram(values: [-1e308, 1e308, 0], bins: 2).counts())
    #expect(wide.counts == [1, 2])
    #expect(wide.edges == [-1e308, 0, 1e308])
  }

  @Test func theEyeSeesNearPointsLast() {
    // From the front (azimuth 0) the eye stands at negative y and looks along y; x runs to the right, z up.
    let points: [PointCloud.Point] = [.init(0, -1, 0), .init(0, 1, 0), .init(1, 0, 0), .init(0, 0, 1)]
    let cloud = PointCloud(points: points, azimuth: 0, elevation: 0)
    let seen = cloud.seen(atMost: 10)
    #expect(seen.first?.nearness == 0 && seen.last?.nearness == 1)
    #expect(seen.contains { abs($0.across - 1) < 1e-9 && abs($0.nearness - 0.5) < 1e-9 })
    #expect(seen.contains { abs($0.up - 1) < 1e-9 })
    // From above, what is high is near.
    let above = PointCloud(points: [.init(0, 0, 1), .init(0, 0, 0)], azimuth: 0, elevation: 90).seen(atMost: 10)
    #expect(above.count == 2 && above[1].nearness == 1)
  }

  @Test func sharesOfARow() {
    let matrix = ConfusionMatrix(counts: [[3, 1], [0, 0], [1e308, 1e308, .nan]])
    #expect(matrix.share(0, 0) == 0.75)
    #expect(matrix.share(1, 0) == 0)
    #expect(matrix.share(2, 1) == 0.5)
  }
}
