import Terminal
import Testing

@Suite struct TerminalMarkdownTests {
  private func plain(_ text: String, width: Int = 20) -> String {
    TerminalMarkdown(width: width, style: Style(isEnabled: false)).render(text)
  }

  private func painted(_ text: String) -> String {
    TerminalMarkdown(width: 40, style: Style(isEnabled: true)).render(text)
  }

  @Test func paragraphsAreWrappedAndJoined() {
    #expect(plain("one two three\nfour five six seven\n\nlast") == "one two three four\nfive six seven\n\nlast")
  }

  @Test func itemsHang() {
    #expect(plain("- one two three four five\n- six\n\n12. a") == "- one two three four\n  five\n- six\n\n12. a")
  }

  @Test func codeStandsAsItIs() {
    #expect(plain("```\nx  =  1 + a long line of code\n```") == "    x  =  1 + a long line of code")
    #expect(plain("    x  =  1 + a long line of code") == "    x  =  1 + a long line of code")
    #expect(plain("| a | b | a table that is wide |") == "| a | b | a table that is wide |")
  }

  @Test func emphasisIsPaintOrNothing() {
    #expect(
      painted("a **b c** *d* `e f`")
        == "a \u{1B}[1mb\u{1B}[0m \u{1B}[1mc\u{1B}[0m \u{1B}[3md\u{1B}[0m \u{1B}[36me f\u{1B}[0m")
    #expect(plain("a **b** *d* `e f`.") == "a b d `e f`.")
    #expect(painted("# Title").hasPrefix("\u{1B}[1mTitle"))
  }

  @Test func whatIsNoMarkStays() {
    for text in ["2 * 3 * 4", "a_b_c", "`open", "[1, 2]", "x ** 2", "#hash"] { #expect(plain(text) == text) }
  }

  @Test func linksShowTheirAddress() { #expect(plain("[a](b)") == "a (b)") }

  @Test func wideCharactersCountTwice() { #expect(plain("日本語日本 語日本語日") == "日本語日本\n語日本語日") }

  @Test func controlCharactersDoNotReachTheTerminal() {
    #expect(!plain("a\u{1B}[2Jb\u{7}\tc\r\nd").unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
  }

  @Test func anyTextIsRendered() {
    for text in ["", "*", "**", "***", "`", "``", "[", "[]()", "- ", "```", "# ", "**a*b**c*", "1. ", "\n\n\n"] {
      _ = painted(text)
      _ = plain(text, width: -5)
    }
  }
}
