import Testing

@testable import Notebook

@Suite struct LineComparisonTests {
  @Test(arguments: [
    ("61.4%", "61.4%"), ("61.4%", "61.5%"), ("accuracy 0.31", "accuracy 0.32"), ("61.4% ± 0.5", "61.9%"),
    ("61.4% ± 2", "60%"), ("100 ± 3", "97"), ("100 ± 5%", "95"), ("-0.1 ± 0.3", "0.2"), ("0.6931471", "0.69314712"),
    ("took 4.2s", "took 2min 5s"), ("4.2s ± 1", "350ms"), ("a  b", "a      b"), ("  1.5 x", "1.5 x"),
    ("sha256 1a2b…", "sha256 1a2b3c4d"), ("loss … after 3 epochs", "loss 0.3, 0.2 after 3 epochs"), ("…", "anything"),
    ("[1, 2]", "[1, 2]"), ("12,345 parameters", "12,345 parameters"), ("gap 0.7% … end", "gap 0.7% end"),
    ("mean 61.4% ± 0.5", "mean 61.4% ± 0.5"), ("1.25e-20", "1.26e-20"), ("1 ± 0", "1"), ("naïve …x", "naïve 3x"),
  ])
  func accepted(recorded: String, shown: String) {
    #expect(LineComparison().matches(recorded, shown))
  }

  @Test(arguments: [
    ("61.4%", "61.6%"), ("61.4%", "0.614"), ("85%", "84%"), ("85%", "84.3%"), ("61.4% ± 0", "61.5%"),
    ("61.4% ± 0.5", "62%"), ("[10, 3, 32, 32]", "[10, 3, 32, 16]"), ("224 bits", "225 bits"), ("0.31", "0.33"),
    ("100 ± 5%", "94"), ("a b", "ab"), ("x - 1", "x -1"), ("took 4.2s", "took 4.2"),
    ("sha256 1a2b…", "sha256 1a3b3c4d"),
    ("loss … after 3 epochs", "loss 0.3 after 4 epochs"), ("1e-20", "2e-20"), ("12,345", "12,346"), ("", "x"),
    ("x", ""), ("mean 61.4% ± 0.5", "mean 61.4% ± 0.9"), ("true", "false"), ("28x28", "28x29"), ("-67", "67"),
    ("1 ± 0", "1.0000001"),
  ])
  func refused(recorded: String, shown: String) {
    #expect(!LineComparison().matches(recorded, shown))
  }

  @Test func aCellsToleranceIsPointsForPercentAndAShareForDecimals() {
    let lines = LineComparison(cellTolerance: 5)
    #expect(lines.matches("61.4%", "66.4%"))
    #expect(lines.matches("85%", "80%"))
    #expect(!lines.matches("61.4%", "66.5%"))
    #expect(lines.matches("loss 2.0", "loss 1.9"))
    #expect(!lines.matches("loss 2.0", "loss 1.89"))
    #expect(!lines.matches("224 bits", "225 bits"))
    #expect(!lines.matches("61.4% ± 1", "63%"))
  }

  @Test func aNewLineKeepsTheTolerancesOfTheOld() {
    let lines = LineComparison()
    #expect(
      lines.keepingTolerances(of: "free 61.4% ± 0.5, bits 20", in: "free 70%, bits 21") == "free 70% ± 0.5, bits 21")
    #expect(lines.keepingTolerances(of: "free 61.4% ± 0.5", in: "another 70%") == "another 70%")
  }

  @Test func figuresAreEqualByTheirDrawing() {
    let old = "<svg width=\"10\"><path d=\"M 1 2 L 3.2 4\"/><text x=\"1\">0.5</text></svg>"
    #expect(FigureComparison.matches(old, old.replacing("3.2", with: "3.6")))
    #expect(!FigureComparison.matches(old, old.replacing("3.2", with: "3.8")))
    #expect(!FigureComparison.matches(old, old.replacing("path", with: "line")))
    #expect(!FigureComparison.matches(old, old.replacing(">0.5<", with: ">0.9<")))
    #expect(!FigureComparison.matches(old, old + "<g/>"))
  }

  @Test(
    arguments: [
      ("train [± 5%] now", "train now", 5, false), ("[stale] [± 0.5%]", "", 0.5, true),
      ("a [b] [± x]", "a [b] [± x]", nil, false),
      ("open [", "open [", nil, false), ("[± -1%]", "[± -1%]", nil, false),
    ] as [(String, String, Double?, Bool)])
  func headersHaveTags(text: String, title: String, tolerance: Double?, isStale: Bool) {
    let header = CellHeader(text)
    #expect(header.title == title)
    #expect(header.tolerance == tolerance)
    #expect(header.isStale == isStale)
  }
}
