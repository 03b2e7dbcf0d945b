import Foundation
import Testing

private let controlC = "\u{3}"
private let controlD = "\u{4}"
private let lineStart = "\u{1}"
private let killLine = "\u{B}"

private let lesson = """
  #%% [md] Sums (20 minutes)
  # Adding numbers.

  #%% a cell
  x = 20
  x + 1

  #%% forty-two
  #? Make `y` so that it and `x` are 42 together.
  #~ Subtract.
  #: y = 42 - x
  expect y + x == 42   # x and y are 42 together

  #%% twice
  #? Make `z` twice `y`.
  #: z = 2 * y
  expect z == 2 * y   # z is twice y

  #%% [md]
  # The end.

  """

/// A lesson taken at a terminal.
@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct LessonTests {
  let folder: TemporaryFolder
  let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = try folder.file("sums.pass", lesson)
  }

  /// The tool in the folder of the lesson, at a terminal.
  private func open(
    _ arguments: [String], columns: UInt16 = 80, environment: [String: String] = [:]
  ) throws -> PseudoTerminal {
    let variables = ["HOME": folder.path, "TERM": "xterm", "LANG": "C.UTF-8"].merging(environment) { $1 }
    let command = ([try #require(Tool.path)] + arguments).map { "'\($0)'" }.joined(separator: " ")
    return try PseudoTerminal(
      ["/bin/sh", "-c", "cd '\(folder.path)' && exec \(command)"], environment: variables, columns: columns)
  }

  private func transcript(_ name: String = "sums-transcript.pass") throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  /// Goes to the first task.
  private func atFirstTask() throws -> PseudoTerminal {
    let terminal = try open(["lesson", "sums.pass"])
    try terminal.expect("x + 1")
    terminal.send("\r")
    try terminal.expect("\n21\n")
    try terminal.expect("Task 1 of 2: forty-two")
    try terminal.expect("lesson 1/2> ")
    return terminal
  }

  @Test func aLessonIsTakenFromBeginningToEnd() throws {
    let terminal = try atFirstTask()
    terminal.send("y = 3\r")
    try terminal.expect("Not yet: x and y are 42 together")
    terminal.send("y = tensr(3)\r")
    try terminal.expect("did you mean 'tensor'?")
    terminal.send(":hint\r")
    try terminal.expect("Hint 1 of 1: Subtract.")
    terminal.send("y = 22\r")
    try terminal.expect("Right: task 1 of 2")
    try terminal.expect("lesson 2/2> ")
    terminal.send(":show\r")
    try terminal.expect("z = 2 * y")
    terminal.send("\r")
    try terminal.expect("The end.")
    try terminal.expect("1. forty-two: done with a hint")
    try terminal.expect("2. twice: done after the solution was shown")
    try terminal.expect("lesson done> ")
    terminal.send(controlD)
    try terminal.expect("sums-transcript.pass")
    #expect(try terminal.exitCode() == 0)
    let text = try transcript()
    #expect(text.contains("#  y = tensr(3)\n#  error: 'tensr' is unknown"))
    let run = try Tool.run(["run", folder.path + "/sums-transcript.pass", "--echo"])
    #expect(run.code == 0)
    #expect(run.output == "21\n")
  }

  @Test func anOfferedCellMayBeEdited() throws {
    let terminal = try open(["lesson", "sums.pass"])
    try terminal.expect("x + 1")
    terminal.send("00\r")
    try terminal.expect("\n120\n")
    try terminal.expect("lesson 1/2> ")
  }

  @Test func aQuestionTypedBehindTheOfferTakesItsPlace() throws {
    let terminal = try open(["lesson", "sums.pass"])
    try terminal.expect("x + 1")
    terminal.send("?mean\r")
    try terminal.expect("arithmetic mean")
    try terminal.expect("x + 1")
  }

  @Test func controlCClearsTheOfferAndEnterBringsItBack() throws {
    let terminal = try open(["lesson", "sums.pass"])
    try terminal.expect("x + 1")
    terminal.send(controlC)
    try terminal.expect("Enter on an empty line brings the cell back")
    try terminal.expect("lesson 1/2> ")
    terminal.send("\r")
    try terminal.expect("x = 20")
    terminal.send("\r")
    try terminal.expect("\n21\n")
  }

  @Test func controlCStopsACellAndTheLessonGoesOn() throws {
    let terminal = try atFirstTask()
    terminal.send("while true { }\r")
    try terminal.expect("}\n")
    Thread.sleep(forTimeInterval: 0.2)
    terminal.send(controlC)
    try terminal.expect("interrupted")
    try terminal.expect("lesson 1/2> ")
    terminal.send("y = 22\r")
    try terminal.expect("Right: task 1 of 2")
    try terminal.expect("lesson 2/2> ")  // before it, Ctrl-D would reach no editor
    terminal.send(controlD)
    _ = try terminal.exitCode()
    #expect(try Tool.run(["run", folder.path + "/sums-transcript.pass"]).code == 0)
  }

  @Test func skippingOffersNothingOfTheCellBefore() throws {
    let terminal = try open(["lesson", "sums.pass"])
    try terminal.expect("x + 1")
    terminal.send(":skip\r")
    try terminal.expect("Task 1 of 2")
    try terminal.expect("lesson 1/2> ")
    terminal.send("y = 22\r")
    try terminal.expect("Right: task 1 of 2")
  }

  @Test func aTranscriptNeverReplacesAnotherAndIsResumed() throws {
    for name in ["sums-transcript.pass", "sums-transcript-2.pass"] {
      let terminal = try atFirstTask()
      terminal.send("y = 22\r")
      try terminal.expect("lesson 2/2> ")
      terminal.send(":quit\r")
      try terminal.expect("--resume \(name)")
      #expect(try terminal.exitCode() == 0)
    }
    let terminal = try open(["lesson", "sums.pass", "--resume", "sums-transcript-2.pass"])
    try terminal.expect("Task 2 of 2")
    terminal.send("z = 2 * y\r")
    try terminal.expect("lesson done> ")
    terminal.send(controlD)
    _ = try terminal.exitCode()
    #expect(try transcript("sums-transcript-2.pass").contains("z = 2 * y"))
    #expect(try !transcript().contains("z = 2 * y"))
  }

  @Test func aTranscriptOfAnotherLessonIsRefused() throws {
    _ = try folder.file("other.pass", "x = 1\n")
    let terminal = try open(["lesson", "sums.pass", "--resume", "other.pass"])
    try terminal.expect("is no transcript of the lesson 'Sums'")
    #expect(try terminal.exitCode() == 2)
  }

  @Test func aFolderThatTakesNoFileCostsTheTranscriptOnly() throws {
    let terminal = try PseudoTerminal(
      ["/bin/sh", "-c", "cd /proc && exec '\(try #require(Tool.path))' lesson '\(file)'"],
      environment: ["HOME": folder.path, "TERM": "xterm"])
    try terminal.expect("x + 1")
    terminal.send("\r")
    try terminal.expect("no transcript is kept")
    try terminal.expect("lesson 1/2> ")
  }

  @Test(arguments: [UInt16(20), 200]) func otherWidthsDoNoHarm(columns: UInt16) throws {
    let terminal = try open(["lesson", "sums.pass"], columns: columns)
    try terminal.expect("x + 1")
    terminal.resize(columns: 60)
    terminal.send("\r")
    try terminal.expect("\n21\n")
    try terminal.expect("Task 1 of 2")
  }

  @Test func aPlainTerminalGetsNoControlBytes() throws {
    let terminal = try open(["lesson", "sums.pass"], environment: ["TERM": "dumb"])
    try terminal.expect("... x + 1\n")
    try terminal.expect("lesson 1/2> ")
    terminal.send("\r")
    try terminal.expect("\n21\n")
    try terminal.expect("Task 1 of 2")
    #expect(!terminal.transcript.contains { $0 < 32 && $0 != 10 && $0 != 13 })
  }

  // MARK: - Without a terminal

  @Test func checkPlaysAllSolutions() throws {
    let result = try Tool.run(["lesson", file, "--check"])
    #expect(result.code == 0)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("2 tasks"))
    #expect(result.errors.contains("all well"))
  }

  @Test(arguments: [
    ("#: y = 42 - x", "#: y = 41 - x", "the solution of task 1, forty-two does not pass its check"),
    ("expect z == 2 * y", "expect y == 22", "the check of task 2, twice holds before anything is done"),
    ("#: z = 2 * y", "#: z = 2 * y + [1; 2] @ [1, 2, 3; 3, 4, 5]", "does not run"),
  ])
  func checkFindsTasksThatDoNotWork(old: String, new: String, message: String) throws {
    let wrong = try folder.file("wrong.pass", lesson.replacingOccurrences(of: old, with: new))
    let result = try Tool.run(["lesson", wrong, "--check"])
    #expect(result.code == 1)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func aLessonIsAScriptWithItsSolutions() throws {
    #expect(try Tool.run(["check", file]).code == 0)
    #expect(try Tool.run(["run", file, "--echo"]).output == "21\n")
    let wrong = try folder.file("wrong.pass", lesson.replacingOccurrences(of: "#: z = 2 * y", with: "#: z = 2 * yy"))
    #expect(try Tool.run(["check", wrong]).errors.contains("'yy' is unknown"))
  }

  @Test func wrongUsageSaysWhatToDo() throws {
    let script = try folder.file("script.pass", "x = 1\n")
    let cases = [
      ([file], "at a terminal"), ([script], "has no tasks"), (["77"], "there is no lesson 77"),
      (["--check"], "name the lesson"),
      ([folder.path + "/missing.pass"], "there is no file"),
    ]
    for (arguments, message) in cases {
      let result = try Tool.run(["lesson"] + arguments)
      #expect(result.code == 2)
      #expect(result.errors.contains(message), "\(result.errors)")
    }
  }

  @Test(arguments: ["1", "2", "3", "4", "5", "6"]) func theLessonsOfTheToolPassTheirTest(number: String) throws {
    let result = try Tool.run(["lesson", number, "--check"])
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test func theLessonsAreListed() throws {
    let result = try Tool.run(["lesson"])
    #expect(result.code == 0)
    #expect(result.output.split(separator: "\n").count == 7)
    #expect(result.output.contains("passbook lesson 1   The prompt, tensors and a first network (8 tasks, 20 minutes)"))
  }
}
