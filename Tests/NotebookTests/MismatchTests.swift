import Language
import Testing

@testable import Notebook

@Suite struct MismatchTests {
  private func messages(_ script: Script) -> [String] { script.mismatches.map(\.message) }

  @Test func aChangedAccuracyAndAChangedShapeAreCaught() {
    let script = Script(
      "#%% one\naccuracy(net)  #=> 61.4%\nshape(x)  #=> [10, 3]\n", ["accuracy": "58.2%", "shape": "[10, 4]"])
    #expect(
      script.mismatches.map { DiagnosticRenderer().render($0) } == [
        """
        error: the output is not what is on record
          --> t.pass:2:16   (cell 1)
          |
        2 | accuracy(net)  #=> 61.4%
          |                ^^^^^^^^^ is now: 58.2%

        """,
        """
        error: the output is not what is on record
          --> t.pass:3:11   (cell 1)
          |
        3 | shape(x)  #=> [10, 3]
          |           ^^^^^^^^^^^ is now: [10, 4]

        """,
      ])
  }

  @Test func aMissingAndAnAddedLineAreToldApart() {
    let text = "f(1)\n#=> one\n#=> two\n#=> three\n"
    #expect(messages(Script(text, ["f": "one\nthree"])) == ["a line on record is missing from the output"])
    let added = Script(text, ["f": "one\ntwo\nnew\nthree"])
    #expect(messages(added) == ["the output has a line that is not on record"])
    #expect(added.mismatches[0].labels[0].text == "is followed now by: new")
    #expect(added.document.source.text(in: added.mismatches[0].labels[0].span) == "#=> two")
    let first = Script(text, ["f": "zero\none\ntwo\nthree"])
    #expect(first.mismatches[0].labels[0].text == "comes now behind: zero")
    #expect(messages(Script("f(1)\n", ["f": "new"])) == ["the output has a line that is not on record"])
  }

  @Test func anotherDurationAndANumberInsideItsToleranceAreAccepted() {
    let text = "f(1)  #=> 61.4% ± 0.5 in 4.2s\ng(1)  #=> 0.50\n"
    #expect(messages(Script(text, ["f": "61.8% in 2min 5s", "g": "0.51"])).isEmpty)
    #expect(messages(Script(text, ["f": "62% in 2min 5s", "g": "0.52"])).count == 2)
  }

  @Test func aCellsToleranceCounts() {
    let text = "#%% a [± 2%]\nf(1)  #=> 61.4%\n#%% b\ng(1)  #=> 61.4%\n"
    #expect(Script(text, ["f": "63%", "g": "63%"]).mismatches.map(\.cell) == [2])
  }

  @Test func aWildcardTakesAnyNumberOfLines() {
    let text = "f(1)\n#=> a\n#=> …\n#=> z\n"
    for middle in ["", "b\n", "b\nc\nz\n"] { #expect(messages(Script(text, ["f": "a\n\(middle)z"])).isEmpty) }
    #expect(messages(Script(text, ["f": "a"])) == ["a line on record is missing from the output"])
  }

  @Test func longOutputsAreCompared() {
    let lines = (1...3000).map { "line \($0)" }
    let text = "f(1)\n" + lines.map { "#=> \($0)\n" }.joined()
    #expect(messages(Script(text, ["f": lines.joined(separator: "\n")])).isEmpty)
    let others = (["new"] + lines.dropLast()).joined(separator: "\n")
    #expect(!messages(Script(text, ["f": others])).isEmpty)
  }
}
