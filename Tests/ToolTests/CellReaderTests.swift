import Terminal
import Testing

/// Lines from a list.
private final class ListedLines: LineReader {
  var inputs: [LineInput]
  var prompts: [String] = []
  var remembered: [String] = []

  init(_ inputs: [LineInput]) { self.inputs = inputs }

  func readLine(prompt: Prompt, offering text: String) -> LineInput {
    prompts.append(prompt.text + text)
    return inputs.isEmpty ? .endOfInput : inputs.removeFirst()
  }

  func remember(_ cell: String) { remembered.append(cell) }

  func beginContinuation(of text: String) {}
}

struct CellReaderTests {
  private func read(_ inputs: [LineInput]) -> (input: CellInput, lines: ListedLines) {
    let lines = ListedLines(inputs)
    let reader = CellReader(lines: lines) { $0.hasSuffix("{") }
    return (reader.read(number: 12), lines)
  }

  @Test func linesThatContinueShareACellAndAnEntry() {
    let (input, lines) = read([.line("fn f() {"), .line("}"), .line("next")])
    #expect(input == .cell("fn f() {\n}"))
    #expect(lines.remembered == ["fn f() {\n}"])
    #expect(lines.prompts == ["passbook 12> ", "         ... "])
  }

  @Test func blankLinesAreNoCells() {
    #expect(read([.line(""), .line("  \t"), .line("x")]).input == .cell("x"))
  }

  @Test func controlCDropsWhatWasTyped() {
    #expect(read([.line("fn f() {"), .interrupted, .line("x")]).input == .dropped)
  }

  @Test func theEndOfInputInABlockHandsItOver() {
    #expect(read([.line("fn f() {")]).input == .cell("fn f() {"))
    #expect(read([]).input == .endOfInput)
  }
}

struct TranscriptTests {
  @Test func outputsAsCommentsAreNoInput() {
    let text = "\npassbook 3> x = 20  #=> old\r\n#=> 20\r\npassbook 4> x\n#=> 1\n"
    #expect(Transcript.input(of: text) == "x = 20  #=> old\nx")
  }

  @Test func promptsAndOutputsGo() {
    let text = """
      passbook 1> x = [1,
              ... 2]
      passbook 2> x
      [1, 2]
      passbook 3> 
      """
    #expect(Transcript.input(of: text) == "x = [1,\n2]\nx\n")
  }

  @Test(arguments: ["x = 1\ny", "passbook = 3", "passbook > 2", "passbook 3", "        ... x", ""])
  func otherTextStays(text: String) { #expect(Transcript.input(of: text) == text) }
}
