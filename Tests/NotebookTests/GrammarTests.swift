import Files
import Foundation
import Language
import Testing

@testable import Notebook

/// The grammar for editors says of every character what the highlighter says.
@Suite struct GrammarTests {
  private static let vocabulary = EditorVocabulary(natives: ["conv", "print", "relu"], magics: ["vars"])

  private static let samples = [
    """
    #!/usr/bin/env passbook
    #%% [md] A title
    # some *text*, 50% of it
    #%% data # not a comment
    x = 50% + tiny(3, seed: 2) |> relu   # note: "x"
    ## Documents f(x)
    print("a {x:.3} b {f(a: "q {1}")} \\n \\{ \\u{e9}")   #=> out "
    :vars x # y
    ?train
    fn g(y, z = 1e-5) { not true or y >= 2 }
    model small(classes) on [3, 32, 32] { conv(32, 5) |> norm() |> relu }
    record = {loss: 1, "a.b": [x for x in 0..<3 if x != 1], free: none}
    long = \"""
    two lines { record.loss :.1% } and "quotes"
    \"""
    if x mod 2 == 0 { -x ** 2 } else { x @ x }
    ünicode(1) |> überall
    #%%[markdown] more
    # text
    # %% end
    5min
    """
  ]

  @Test func editorsColourAsTheHighlighterDoes() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let examples = root.appendingPathComponent("Examples")
    let files = try FileManager.default.subpathsOfDirectory(atPath: examples.path).filter { $0.hasSuffix(".pass") }
    #expect(!files.isEmpty)
    let scripts = try files.map { try String(contentsOf: examples.appendingPathComponent($0), encoding: .utf8) }
    let grammar = try GrammarInterpreter(TextMateGrammar(vocabulary: Self.vocabulary).json)
    for text in Self.samples + scripts {
      let expected = Highlighter.pieces(of: Source(name: "", text: text)).flatMap { kind, text in
        text.utf16.map { _ in kind }
      }
      let found = grammar.classes(of: text)
      try #require(expected.count == found.count)
      let units = Array(text.utf16)
      let wrong = units.indices.filter { units[$0] > 0x20 && expected[$0] != found[$0] }
      let places = wrong.prefix(5).map { index in
        let around = units[max(0, index - 12)..<min(units.count, index + 12)]
        return "\(String(decoding: around, as: UTF16.self)): \(found[index] as Any), not \(expected[index] as Any)"
      }
      #expect(wrong.isEmpty, "\(places)")
    }
  }
}
