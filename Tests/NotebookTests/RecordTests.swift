import Foundation
import Language
import Testing

@testable import Notebook

@Suite struct RecordTests {
  @Test func outputStandsBehindALineOrUnderIt() {
    let script = Script(
      "#%% one\nx = 2\nx * 3\nfor i in 1..2 {\n  print(i)\n}\nprint(x)  # a note\ntable()\n",
      ["x * 3": "6", "for": "1\n2", "print(x)": "2", "table()": String(repeating: "wide ", count: 25)])
    let expected = """
      #%% one
      x = 2
      x * 3  #=> 6
      for i in 1..2 {
        print(i)
      }
      #=> 1
      #=> 2
      print(x)  # a note
      #=> 2
      table()
      #=> \(Array(repeating: "wide", count: 25).joined(separator: " "))

      """
    #expect(script.record.text == expected)
    #expect(script.record.changedLines == 4)
  }

  @Test func aRecordOfTheSameOutputsChangesNoByte() {
    var script = Script(
      "#!/x\r\n#%% one\r\nx = 2\r\n\tx * 3 \t #=>   6 \r\nprint(x)\r\n\r\n   #=> 2\r\nf(x)\r\n#=> a\r\n#=> …\r\n#=> 1 ± 1",
      ["x * 3": "6", "print(x)": "2", "f(x)": "a\nb\nc\n2"])
    #expect(script.record.text == script.text)
    #expect(script.record.changedLines == 0)
    #expect(script.mismatches.isEmpty)
    let before = script.text
    script = Script(before, ["x * 3": "7", "print(x)": "2", "f(x)": "a\nb\nc\n5"])
    #expect(
      script.record.text
        == "#!/x\r\n#%% one\r\nx = 2\r\n\tx * 3 \t #=> 7\r\nprint(x)\r\n\r\n   #=> 2\r\nf(x)\r\n#=> a\r\n#=> …\r\n#=> 5 ± 1"
    )
  }

  @Test func onlyLinesThatDifferChange() {
    let script = Script(
      "f(1)\n#=> same   1.00\n#=>  old\n#=> gone\n#=> last\ng(1)           #=> 5\n",
      ["f(1)": "first\nsame 1.00\nnew\nlast", "g(1)": "6"])
    #expect(
      script.record.text
        == "f(1)\n#=> first\n#=> same   1.00\n#=> new\n#=> last\ng(1)           #=> 6\n")
  }

  @Test func outputThatIsGoneLeavesNoTrace() {
    #expect(Script("f(1)  #=> 5\ng(1)\n#=> 1\n#=> 2\nh(1)\n#=> 3").record.text == "f(1)\ng(1)\nh(1)\n")
  }

  @Test func aMagicTakesNothingBehindIt() {
    #expect(Script(":vars\n", [":vars": "x"]).record.text == ":vars\n#=> x\n")
  }

  @Test func whatCouldEndACommentIsNamed() {
    let record = Script("f(1)", ["f(1)": "a\rb\u{0}c\u{1B}[1m  \nd"]).record
    #expect(record.text == "f(1)\n#=> a\\u{d}b\\u{0}c\\u{1b}[1m\n#=> d")
    #expect(Script(record.text, ["f(1)": "a\rb\u{0}c\u{1B}[1m  \nd"]).mismatches.isEmpty)
  }

  @Test func whatDidNotRunToItsEndKeepsItsRecord() {
    let script = Script("f(1)  #=> 1\ng(1)  #=> 2\nh(1)  #=> 3\n", ["f": "5", "g": "6", "h": "7"])
    let record = Record(script.document, with: script.outputs(stoppingBefore: "g(1)"), figures: script.folder)
    #expect(record.text == "f(1)  #=> 5\ng(1)  #=> 2\nh(1)  #=> 3\n")
  }

  @Test func figuresGetPathsOfTheirCell() throws {
    let text = "#%% one\nplot(a)\n#=> ![loss](t.figures/1-1.svg) 0123456789ab\nplot(b)\n#%%\nplot(c)\n"
    var script = Script(text)
    script.shown = [
      "plot(a)": [.figure(title: "loss", svg: "<svg>1</svg>")], "plot(b)": [.figure(title: "b](", svg: "<svg>2</svg>")],
      "plot(c)": [.line("text")],
    ]
    let record = script.record
    let first = FigureFolder.hash(of: "<svg>1</svg>")
    let second = FigureFolder.hash(of: "<svg>2</svg>")
    #expect(
      record.text == """
        #%% one
        plot(a)
        #=> ![loss](t.figures/1-1.svg) \(first)
        plot(b)  #=> ![b] (](t.figures/1-2.svg) \(second)
        #%%
        plot(c)  #=> text

        """)
    #expect(record.figures.map(\.path) == ["t.figures/1-1.svg", "t.figures/1-2.svg"])
    #expect(record.abandonedFigures.isEmpty)
    script.text = record.text
    #expect(script.mismatches.isEmpty)
    #expect(script.record.figures == record.figures)
    script.shown = [:]
    #expect(script.record.abandonedFigures == ["t.figures/1-1.svg", "t.figures/1-2.svg"])
  }

  @Test func aFigureThatAnotherLineShowsIsKept() {
    let svg = "<svg>1</svg>"
    let line = "#=> ![a](t.figures/1-1.svg) \(FigureFolder.hash(of: svg))\n"
    var script = Script("#%%\nf(1)\n\(line)#%%\ng(1)\n\(line)")
    script.shown = ["f(1)": [.figure(title: "a", svg: "<svg>2<g/></svg>")], "g(1)": [.figure(title: "a", svg: svg)]]
    #expect(script.record.text.hasSuffix("g(1)\n\(line)"))
    #expect(script.record.figures.map(\.path) == ["t.figures/1-2.svg", "t.figures/1-1.svg"])
    #expect(script.record.abandonedFigures.isEmpty)
  }

  @Test func noFigureOutsideOfTheFolderIsEverRemoved() {
    let text = "f(1)\n#=> ![a](../secret.svg) 0123456789ab\n#=> ![b](t.figures/../../x.svg) 0123456789ab\n"
    #expect(Script(text).record.abandonedFigures.isEmpty)
  }

  @Test func cellsThatAreNotRecordedKeepTheirOutputs() {
    let script = Script(
      "#%% a\nf(1)  #=> 1\n#%% b [stale]\ng(1)  #=> 2\n#%% c\r\nh(1)  #=> 3\n", ["f": "5", "g": "6", "h": "7"])
    let record = Record(script.document, with: script.outputs(), figures: script.folder, cells: [2], stale: [3])
    #expect(record.text == "#%% a\nf(1)  #=> 1\n#%% b\ng(1)  #=> 6\n#%% c [stale]\r\nh(1)  #=> 3\n")
    #expect(
      Script(record.text, ["f": "1", "g": "6", "h": "3"]).record.text == record.text.replacing(" [stale]", with: ""))
  }

  /// Scripts with broken bytes and shown lines at random: code and all other comments stay, and recording is done once.
  @Test func recordingNeverChangesCode() {
    let sample = """
      #%% one [± 5%]
      x = [1, 2,
        3]   # why
      x |> f   #=> 1
      fn f(a) {
        a  #=> inside
      }
      print("a#=>b"); g(2)
      #=> 1
      # between
      #=> …
      \t:vars\r
      #=>x

      #%% [md] text
      # words
      # %% two
      y = \"\"\"
        lines
        \"\"\"
      #=> ![a](t.figures/2-1.svg) 0123456789ab
      """
    var generator = Generator(state: 7)
    for round in 0..<2000 {
      var bytes = Array(sample.utf8)
      for _ in 0..<(round % 4) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        if Bool.random(using: &generator) {
          bytes.remove(at: place)
        } else {
          bytes.insert("\n\r #=>%{}();\t\"…".utf8.randomElement(using: &generator) ?? 0, at: place)
        }
      }
      let source = Source(name: "t.pass", text: String(decoding: bytes, as: UTF8.self))
      let document = Document(source)
      guard !document.diagnostics.contains(where: { $0.severity == .error }) else { continue }
      let record = Record(document, with: randomOutputs(document, &generator), figures: Script("").folder)
      let after = Document(Source(name: "t.pass", text: record.text))
      #expect(code(after.source) == code(source))
      #expect(after.cells.map(\.cell.statements.count) == document.cells.map(\.cell.statements.count))
      let again = Record(after, with: randomOutputs(after, &generator), figures: Script("").folder)
      #expect(code(again.text) == code(source))
    }
  }

  private func randomOutputs(_ document: Document, _ generator: inout Generator) -> FreshOutputs {
    var outputs = FreshOutputs()
    for statement in document.cells.flatMap(\.cell.statements) where Int.random(in: 0..<8, using: &generator) > 0 {
      outputs.begin(at: statement.span.start)
      for _ in 0..<Int.random(in: 0..<4, using: &generator) {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: outputs.print("1\n…\n#=> 2")
        case 1: outputs.print(String(repeating: "x", count: Int.random(in: 0..<130, using: &generator)))
        case 2: outputs.print("#%% no cell\n\"\"\"")
        default: outputs.show(title: "a", svg: "<svg>\(Int.random(in: 0..<3, using: &generator))</svg>")
        }
      }
      if Int.random(in: 0..<8, using: &generator) > 0 { outputs.end() }
    }
    return outputs
  }

  /// The tokens and the comments that are no output, each as it is written, with the line ends between the lines.
  private func code(_ text: String) -> [String] { code(Source(name: "", text: text)) }

  private func code(_ source: Source) -> [String] {
    let result = Lexer.tokenize(source)
    return result.tokens.map { source.text(in: $0.span) }
      + result.comments.filter { $0.kind != .output }
      .map { source.text(in: $0.span) }
  }
}
