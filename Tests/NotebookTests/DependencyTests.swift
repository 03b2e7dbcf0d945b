import Language
import Testing

@testable import Notebook

@Suite struct DependencyTests {
  private func dependencies(_ cells: String...) -> CellDependencies {
    let text = cells.map { "#%%\n\($0)\n" }.joined()
    let natives: Set = ["train", "accuracy", "shuffle", "print", "fashion"]
    return CellDependencies(
      Document(Source(name: "t", text: text)),
      natives: .init(
        keepsArguments: { natives.contains($0) && $0 != "train" }, drawsSeeds: { ["train", "shuffle"].contains($0) }))
  }

  @Test func aCellNeedsWhatItReadsTransitively() {
    let cells = dependencies("a = 1", "b = 2", "c = a + 1", "print(c)", "for i in 1..3 { print(i) }", "i = 3")
    #expect(cells.needed(by: 3) == [0, 2])
    #expect(cells.needed(by: 4) == [])
    #expect(cells.dependents(of: 0) == [2, 3])
    #expect(cells.dependents(of: 1) == [])
  }

  @Test func whatAFunctionReadsCountsWhereItIsCalled() {
    let cells = dependencies("fn f(x) { x + y }", "y = 2", "z = 4", "f(1)")
    #expect(cells.needed(by: 3) == [0, 1])
    #expect(cells.dependents(of: 1) == [3])
  }

  @Test func trainingChangesItsModel() {
    let cells = dependencies(
      "net = fashion()", "train(net, seed: 1)", "accuracy(net)", "fn fit(n) { train(n, seed: 2) }", "net |> fit",
      "print(net)")
    #expect(cells.needed(by: 2) == [0, 1])
    #expect(cells.needed(by: 5) == [0, 1, 3, 4])
    #expect(cells.dependents(of: 1) == [2, 4, 5])
  }

  @Test func drawsWithoutASeedDependOnEarlierOnes() {
    let cells = dependencies("a = shuffle([1])", "b = shuffle([2], seed: 3)", "c = shuffle([3])", "print(4)")
    #expect(cells.needed(by: 2) == [0])
    #expect(cells.needed(by: 1) == [])
  }

  @Test func partsLastResultsAndMagics() {
    let cells = dependencies("x = [1]", "x[0] = 2", "x += 1", "5", ":seed 3", "_ + 1")
    #expect(cells.needed(by: 2) == [0, 1])
    #expect(cells.needed(by: 4) == [0, 1, 2, 3])
    #expect(cells.needed(by: 5) == [0, 1, 2, 3, 4])
    #expect(cells.dependents(of: 4) == [5])
  }

  @Test func cellsAreNamedByNumberOrTitle() {
    let document = Document(Source(name: "t", text: "x = 1\n#%% data [stale]\n#%% data two\n#%% train\n#%% trace\n"))
    #expect(document.indexOfCell(named: "1") == 0)
    #expect(document.indexOfCell(named: "data") == 1)
    #expect(document.indexOfCell(named: "trai") == 3)
    #expect(document.indexOfCell(named: "tra") == nil)
    #expect(document.indexOfCell(named: "9") == nil)
    #expect(document.indexOfCell(named: "") == nil)
  }
}
