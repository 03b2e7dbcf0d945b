import Figures
import Testing

@Suite struct FigureTests {
  @Test func aFigureSaysWhatItIs() {
    let chart = LineChart(series: [.init(name: "free", values: [1, 2]), .init(name: "aware", values: [1])])
    #expect(Figure(title: "loss", .lines(chart)).summary == "line chart of free, aware, 2 points")
    #expect(Figure(.histogram(Histogram(values: [1]))).summary == "histogram of 1 value")
    #expect(Figure(.confusion(ConfusionMatrix(counts: [[1]]))).summary == "confusion matrix of 1 class")
  }
}
