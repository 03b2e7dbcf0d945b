import Figures
import Terminal
import Testing

@Suite struct GraphicsTests {
  @Test(arguments: [
    ("TERM=xterm-kitty COLORTERM=truecolor LANG=en_US.UTF-8", TerminalGraphics.kitty),
    ("TERM=xterm-256color KITTY_WINDOW_ID=3", .kitty),
    ("TERM=xterm-256color TERM_PROGRAM=WezTerm", .kitty),
    ("TERM=xterm-ghostty TERM_PROGRAM=ghostty", .kitty),
    ("TERM=foot COLORTERM=truecolor", .sixel),
    ("TERM=mlterm", .sixel),
    ("TERM=contour-latest", .sixel),
    ("TERM=xterm-sixel", .sixel),
    ("TERM=football", .braille),
    ("TERM=xterm-256color COLORTERM=truecolor", .halfBlocks),
    ("TERM=xterm-256color COLORTERM=24bit LANG=de_DE.utf8", .halfBlocks),
    ("TERM=xterm-256color", .braille),
    // tmux drops pixels, and keeps colours.
    ("TERM=tmux-256color COLORTERM=truecolor KITTY_WINDOW_ID=3 TMUX=/tmp/tmux,1,0", .halfBlocks),
    ("TERM=foot TMUX=/tmp/tmux,1,0", .braille),
    // The first locale that is set decides, and an empty one is not set.
    ("TERM=xterm-kitty LANG=C", .ascii),
    ("TERM=xterm-kitty LC_ALL=POSIX LANG=en_US.UTF-8", .ascii),
    ("TERM=xterm COLORTERM=truecolor LC_ALL= LC_CTYPE=C.UTF-8 LANG=C", .halfBlocks),
    ("TERM=xterm COLORTERM=truecolor LANG=de_DE.ISO-8859-1", .ascii),
    ("TERM=xterm-kitty NO_COLOR=1", .braille),
    ("TERM=dumb COLORTERM=truecolor", .braille),
    ("TERM=dumb LANG=C", .ascii),
    ("COLORTERM=truecolor", .braille),
  ])
  func theEnvironmentDecides(_ variables: String, _ graphics: TerminalGraphics) {
    var environment: [String: String] = [:]
    for variable in variables.split(separator: " ") {
      let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      environment[String(parts[0])] = String(parts[1])
    }
    #expect(terminalGraphics(environment, isTerminal: true) == graphics)
    // Without a terminal there are no control sequences.
    #expect(terminalGraphics(environment, isTerminal: false) == (graphics == .ascii ? .ascii : .braille))
  }
}

/// What the built tool draws.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct DrawnFigureTests {
  private static let code = "plot({a: [1, 2, 3], b: [3, 1, 2]}, title: \"two\")"

  @Test func aPipeGetsPlainText() throws {
    let result = try Tool.run(["-e", Self.code], environment: ["COLORTERM": "truecolor", "KITTY_WINDOW_ID": "1"])
    #expect(result.code == 0)
    #expect(result.output.hasPrefix("  two\n3.0 ┤"))
    #expect(!result.output.contains("\u{1B}"))
    #expect(result.output.hasSuffix("● a   ■ b\n"))
    #expect(try Tool.run(["-e", Self.code], environment: ["LC_ALL": "C"]).output.allSatisfy(\.isASCII))
  }

  @Test func theTerminalDecidesHowAFigureIsDrawn() throws {
    let home = try TemporaryFolder()
    let coloured = try Tool.prompt(home: home, environment: ["COLORTERM": "truecolor"])
    coloured.send(Self.code + "\r")
    try coloured.expect("passbook 2> ")
    #expect(coloured.transcript.contains(Array("\u{1B}[38;2;79;163;220m".utf8)))
    let kitty = try Tool.prompt(home: home, environment: ["TERM": "xterm-kitty"])
    kitty.send(Self.code + "\r")
    try kitty.expect("\u{1B}_Ga=T,f=100")
  }
}
