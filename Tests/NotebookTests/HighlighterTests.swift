import Language
import Testing

@testable import Notebook

@Suite struct HighlighterTests {
  /// Every piece that has a class, as `class:text`.
  private func classes(_ text: String) -> [String] {
    Highlighter.pieces(of: Source(name: "t.pass", text: text)).compactMap { kind, text in
      kind.map { "\($0.rawValue):\(text)" }
    }
  }

  @Test func eachClassIsFound() {
    let script = """
      #!/usr/bin/env passbook
      #%% data
      :seed 3
      ?train
      ## Doubles.
      fn twice(x) { x * 2 }   # plain
      y = 50% |> f(seed: 5min)
      "a {y:.1}\\n"            #=> "a 0.5"
      """
    #expect(
      classes(script) == [
        "comment:#!/usr/bin/env passbook", "header:#%% data", "magic::seed 3", "help:?train",
        "documentation:## Doubles.", "keyword:fn", "call:twice", "operator:*", "number:2", "comment:# plain",
        "operator:=", "number:50%", "operator:|>", "call:f", "label:seed", "number:5min", "string:\"a ",
        "interpolation:{", "interpolation::.1}", "string:\\n\"", "output:#=> \"a 0.5\"",
      ])
  }

  @Test func markdownCellsAreMarkdown() {
    #expect(
      classes("#%% [md] One\n# text\n#%% two\n# note") == [
        "header:#%% [md] One", "markdown:# text", "header:#%% two", "comment:# note",
      ])
  }

  @Test func aStringLeftOpenEndsWithItsCell() {
    #expect(classes("x = \"\"\"open\n#%% next\ny = 1").suffix(3) == ["header:#%% next", "operator:=", "number:1"])
  }

  @Test func aPipeOverALineEndCallsNothingByGuess() {
    #expect(classes("a |> relu\nf(b)") == ["operator:|>", "call:relu", "call:f"])
  }

  /// Joined, the pieces are the source, whatever it is.
  @Test(arguments: [
    "", "\n", "\r\n", "#", "#%%", "x = \"é\u{301}🇩🇪{a", "\"\"\"a {b {c", "f(1))", "50q", "\u{0} \u{1B}[31m ' ` $",
    "x\r\n#=> 1\r\n",
    "<\u{338}b>", "👩‍👩‍👧 = \"👩‍👩‍👧{1}\"",
  ])
  func nothingIsLost(_ text: String) {
    let source = Source(name: "t.pass", text: text)
    for length in 0...source.bytes.count {
      let part = Span(0, length)
      let joined = Highlighter.pieces(of: source, in: part).map(\.text).joined()
      #expect(joined == source.text(in: part))
    }
  }

  @Test func aTerminalIsNotSteered() {
    let painted = Highlighter.ansi(Source(name: "t", text: "x = \"\u{1B}[2J\u{9B}\u{7F}\"  # a\r\nfn"))
    #expect(painted == "x \u{3D} \u{1B}[32m\"␛[2J\u{FFFD}␡\"\u{1B}[0m  \u{1B}[2m# a\u{1B}[0m\n\u{1B}[35mfn\u{1B}[0m")
  }
}
