import Testing

@testable import Language

@Suite struct RendererTests {
  @Test func oneLabel() {
    let source = Source(name: "cell 7", text: "train(net, data, epochs: 3, batchs: 128)")
    var diagnostic = Diagnostic(
      .error, "'batchs' is no argument of train", at: Span(28, 34), label: "did you mean 'batch'?", source: source)
    diagnostic.cell = 7
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        error: 'batchs' is no argument of train
          --> cell 7:1:29
          |
        1 | train(net, data, epochs: 3, batchs: 128)
          |                             ^^^^^^ did you mean 'batch'?

        """)
  }

  @Test func twoLinesAndHelp() {
    let text = String(repeating: "\n", count: 16) + "  conv(16, 3)\n  residual(32)\n"
    var diagnostic = Diagnostic(
      .error, "add: channels differ", at: Span(32, 44), label: "makes [32, 32, 32]",
      help: ["write residual(16)"], source: Source(name: "lesson1.pass", text: text))
    diagnostic.labels.append(.init(Span(18, 29), "makes [16, 32, 32]", isPrimary: false))
    diagnostic.cell = 4
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        error: add: channels differ
          --> lesson1.pass:18:3   (cell 4)
           |
        17 |   conv(16, 3)
           |   ----------- makes [16, 32, 32]
        18 |   residual(32)
           |   ^^^^^^^^^^^^ makes [32, 32, 32]
           = help: write residual(16)

        """)
  }

  @Test func whatWouldSteerATerminalIsVisible() {
    let rendered = DiagnosticRenderer().render(
      Diagnostic(.error, "a\u{1B}[31mb\tc: no such file", help: ["see a\u{7}\u{9B}b"]))
    #expect(rendered == "error: a\u{FFFD}[31mb\tc: no such file\n  = help: see a\u{FFFD}\u{FFFD}b\n")
  }

  @Test(arguments: [
    ("\tx = 界1️⃣y", "1 |     x = 界y", "  |           ^"), ("e\u{301} = 1️⃣y\r\n", "1 | e\u{301} = y", "  |     ^"),
    ("x = 1️⃣", "1 | x =", "  |     ^"), ("1️⃣", "1 |", "  | ^"),
  ])
  func columns(text: String, line: String, mark: String) {
    let (text, offset) = marked(text)
    let end = min(offset + 1, text.utf8.count)
    let rendered = DiagnosticRenderer().render(
      Diagnostic(.error, "m", at: Span(offset, end), source: Source(name: "s", text: text)))
    let lines = rendered.split(separator: "\n").map(String.init)
    #expect(Array(lines.dropFirst(3)) == [line, mark])
  }

  @Test func longLinesAreCutAroundTheLabel() throws {
    let text = String(repeating: "a ", count: 5000) + "bad" + String(repeating: " c", count: 5000)
    let rendered = DiagnosticRenderer(lineWidth: 40).render(
      Diagnostic(.error, "m", at: Span(10_000, 10_003), source: Source(name: "s", text: text)))
    let lines = rendered.split(separator: "\n").map(Array.init)
    let column = try #require(lines[4].firstIndex(of: "^"))
    #expect(String(lines[3][column..<column + 3]) == "bad")
    #expect(lines[3].count < 50)
  }

  @Test func coloursChangeNothingElse() {
    let diagnostic = Diagnostic(.note, "m", at: Span(0, 1), help: ["h"], source: Source(name: "s", text: "x"))
    let colored = DiagnosticRenderer(usesColor: true).render(diagnostic)
    #expect(colored.contains("\u{1B}[1;36mnote:"))
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == DiagnosticRenderer().render(diagnostic))
  }
}
