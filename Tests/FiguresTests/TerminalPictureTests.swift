import Testing

@testable import Figures

@Suite struct TerminalPictureTests {
  private func lines(_ figure: Figure, _ graphics: TerminalGraphics, columns: Int = 30, rows: Int = 4) -> [String] {
    TerminalPicture(columns: columns, rows: rows, graphics: graphics).render(figure)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func aLineInBraille() {
    #expect(
      lines(Sample.line, .braille) == [
        "  loss",
        "4 ┤⠉⠒⠤⣀⡀",
        "  │⠀⠀⠀⠀⠈⠑⠒⠤⣀",
        "2 ┤⠀⠀⠀⠀⠀⠀⠀⠀⠀⠉⠉⠑⠒⠢⠤⠤⣀⣀⣀",
        "0 ┤⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠉⠉⠉⠉⠑⠒⠒⠒",
        "  └───────────────────────────",
        "   1        2       3        4",
        "              epoch",
      ])
  }

  @Test func linesInASCIIAreToldApartByTheirMarks() {
    let text = lines(Sample.lines, .ascii, rows: 8)
    #expect(text.allSatisfy { $0.allSatisfy(\.isASCII) })
    #expect(text.last == "     * free   o aware")
    #expect(text.joined().contains("*") && text.dropLast().joined().contains("o"))
  }

  @Test func bars() {
    #expect(lines(Sample.bars, .ascii) == ["pruning |######## 50%", "   none |################ 100%"])
    #expect(lines(Sample.bars, .braille)[1] == "   none │████████████████ 100%")
  }

  @Test func countsOfAConfusion() {
    #expect(
      lines(Sample.confusion, .braille, columns: 60) == [
        "      shirt  coat", "shirt     8     2", "coat      .    10", "rows: true class, columns: predicted class",
      ])
  }

  @Test func halfBlocksHoldTwoPixels() {
    let text = lines(Sample.grid, .halfBlocks, columns: 28)
    #expect(text[0].hasPrefix("\u{1B}[38;2;0;0;0;48;2;0;0;0m▀\u{1B}[0m"))
    #expect(text[0].contains("\u{1B}[38;2;255;255;255;48;2;255;255;255m▀\u{1B}[0m"))
    #expect(text.last == "one           two")
  }

  @Test func picturesWithoutColour() {
    #expect(lines(Sample.grid, .ascii, columns: 28)[0] == "      =@@@@@@       =@@@@@@")
    #expect(lines(Sample.grid, .braille, columns: 28)[0] == "⠀⠀⠀⠀⠀⠀⢸⣿⣿⣿⣿⣿⣿ ⠀⠀⠀⠀⠀⠀⢸⣿⣿⣿⣿⣿⣿")
  }

  @Test(arguments: Sample.all)
  func plainTextHasNoControlSequencesAndKeepsItsWidth(figure: Figure) {
    for graphics in [TerminalGraphics.braille, .ascii] {
      for columns in [24, 40, 100] {
        for line in lines(figure, graphics, columns: columns) {
          #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 })
          #expect(line.count <= columns, "\(line)")
        }
      }
    }
  }

  @Test(arguments: Sample.all)
  func paintIsAlwaysTakenBack(figure: Figure) {
    let text = TerminalPicture(graphics: .halfBlocks).render(figure)
    let starts = text.matches(of: /\u{1B}\[(38|48)[0-9;]*m/).count
    #expect(starts == text.matches(of: /\u{1B}\[0m/).count)
    #expect(starts == text.count { $0 == "\u{1B}" } / 2)
    let plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    #expect(plain.split(separator: "\n").allSatisfy { $0.count <= 68 })
  }

  @Test func textsOfAFigureCannotSteerTheTerminal() {
    let evil = "\u{1B}[2J\u{7}\u{9B}31m\r\nx\u{202E}y"
    let figure = Figure(title: evil, .bars(BarChart(labels: [evil], values: [1])))
    for graphics in [TerminalGraphics.braille, .ascii] {
      let text = TerminalPicture(graphics: graphics).render(figure)
      #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
      #expect(!text.unicodeScalars.contains("\u{202E}"))
      #expect(text.split(separator: "\n").count == 2)
    }
  }

  @Test func kittyGetsAPNGInPieces() throws {
    let text = TerminalPicture(graphics: .kitty).render(Sample.line)
    let pieces = text.split(separator: "\u{1B}\\").map(String.init)
    #expect(pieces[0].hasPrefix("\u{1B}_Ga=T,f=100,q=2,c=68,r=22,m=1;iVBORw0KGgo"))
    #expect(pieces.dropFirst().dropLast().allSatisfy { $0.hasPrefix("\u{1B}_Gm=1;") })
    #expect(pieces.last?.hasPrefix("\u{1B}_Gm=0;") == true)
    let contents = pieces.map { $0.drop { $0 != ";" }.dropFirst() }
    #expect(contents.dropLast().allSatisfy { $0.count == Kitty.longestPiece })
    #expect(contents.joined() == Base64.encode(try PNG.encode(Drawing(Sample.line, width: 544).rasterized())))
  }

  @Test func sixelsPaintEachPixelOnce() throws {
    var raster = Raster(width: 5, height: 7, filledWith: RGB(255, 255, 255))
    raster[0, 0] = RGB(0, 0, 0)
    raster[0, 6] = RGB(0, 0, 0)
    // 0 is black, 1 white: a black dot in the first row is 1 (@), the five others below it 62 (}).
    #expect(
      Sixel.encode(raster)
        == "\u{1B}P0;1q\"1;1;5;7#0;2;0;0;0#1;2;100;100;100#0@!4?$#1}!4~-#0@!4?$#1?!4@-\u{1B}\\")
  }
}
