import Language
import Notebook
import Testing

@Suite struct DocumentTests {
  @Test func outputsBelongToTheLineAbove() {
    let document = Document(
      Source(
        name: "t.pass",
        text: """
          #%% one
          x = 2
          x * 3   #=> 6
          print("a\\nb"); x
          #=> a
          #=> b
          #=> 2
          plot([1, 2])
          #=> ![loss](t.figures/1-1.svg) 0123456789ab
          """))
    #expect(document.diagnostics.isEmpty)
    let lines = document.cells[0].lines
    #expect(lines.map { $0.output?.lines ?? [] } == [[], ["6"], ["a", "b", "2"], ["![loss](t.figures/1-1.svg) 0123456789ab"]])
    #expect(lines[2].statements == [2, 3])
    #expect(
      lines[3].output?.items == [.figure(.init(title: "loss", path: "t.figures/1-1.svg", hash: "0123456789ab"))])
  }

  @Test func anOutputWithoutAStatementIsSaid() {
    let document = Document(Source(name: "t.pass", text: "#%% one\n#=> 6\nx = 2\n"))
    #expect(document.diagnostics.map(\.message) == ["a recorded output stands behind no statement"])
  }

  @Test func aToleranceThatIsNoneIsSaid() {
    let document = Document(Source(name: "t.pass", text: "#%% one [± five]\nx = 2\n#%% two [± 5%]\n"))
    #expect(document.diagnostics.map(\.message) == ["'[± five]' is no tolerance"])
  }

  @Test func codeLinesAreWhatSomebodyTypes() {
    let source = Source(name: "t", text: "#%% a\n\nx = 2 \nx   #=> 2\r\n# why\n  #=> z\n\n#%%\n\n")
    let cells = Document(source).cells
    #expect(cells.map { $0.codeLines(in: source) } == [["x = 2 ", "x", "# why"], []])
  }
}
