import Foundation
import Testing

private let controlC = "\u{3}"
private let controlD = "\u{4}"

private let talk = """
  #%% [md] A talk
  # First words.

  #%%
  x = 41

  #%%
  x + 1

  """

@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct PresentTests {
  let folder: TemporaryFolder
  let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = try folder.file("talk.pass", talk)
  }

  private func open() throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      [try #require(Tool.path), "present", file],
      environment: ["HOME": folder.path, "TERM": "xterm", "LANG": "C.UTF-8"])
    try terminal.expect("First words.")
    try terminal.expect("present 1/3> ")
    return terminal
  }

  @Test func enterTypesTheNextCellAndRunsIt() throws {
    let terminal = try open()
    terminal.send("\r")
    try terminal.expect("present 2/3> x = 41")
    terminal.send("\r")
    try terminal.expect("present 2/3> ")
    terminal.send("\r")
    try terminal.expect("present 3/3> x + 1")
    terminal.send("00\r")
    try terminal.expect("\n141\n")
    try terminal.expect("present 3/3> ")
    terminal.send("\r")
    try terminal.expect("that was the last cell")
    try terminal.expect("> ")
    terminal.send(controlD)
    #expect(try terminal.exitCode() == 0)
  }

  @Test func oneMayMoveAndTypeInBetween() throws {
    let terminal = try open()
    terminal.send(":goto 2\r")
    try terminal.expect("present 2/3> x = 41")
    terminal.send(controlC)
    try terminal.expect("present 2/3> ")
    terminal.send("6 * 7\r")
    try terminal.expect("\n42\n")
    terminal.send("\r")
    try terminal.expect("present 2/3> x = 41")
    terminal.send(":back\r")
    try terminal.expect("First words.")
    terminal.send(":goto 9\r")
    try terminal.expect("there are cells 1 to 3")
    terminal.send(":goto x\r")
    try terminal.expect("write :goto and the number of a cell")
    terminal.send(":quit\r")
    #expect(try terminal.exitCode() == 0)
  }

  @Test func awayFromATerminalEverythingRuns() throws {
    let result = try Tool.run(["present", file])
    #expect(result.code == 0)
    #expect(result.output == "A talk\n\nFirst words.\n\npassbook 1> x = 41\n\npassbook 2> x + 1\n42\n\n")
  }

  @Test func aMistakeEndsItWithOne() throws {
    let broken = try folder.file("broken.pass", "x = [1][4]\nx\n")
    #expect(try Tool.run(["present", broken]).code == 1)
    #expect(try Tool.run(["present", try folder.file("empty.pass", "# nothing\n")]).code == 2)
  }
}
