import Figures
import Testing

@Suite struct FigureTests {
  @Test func aFigureKeepsItsTitle() { #expect(Figure(title: "loss").title == "loss") }
}
