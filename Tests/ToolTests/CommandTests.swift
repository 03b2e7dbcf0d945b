import Foundation
import Testing

@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct CommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func codeOnTheCommandLineEchoes() throws {
    let result = try Tool.run(["-e", "1 + 1"])
    #expect(result.output == "2\n")
    #expect(result.code == 0)
  }

  @Test func aPipeEchoes() throws {
    #expect(try Tool.run([], input: "x = 20\nx + 22\n").output == "42\n")
  }

  @Test func aScriptPrintsWithoutEcho() throws {
    let script = try folder.file("a.pass", "1 + 1\nprint(\"printed\")\n")
    #expect(try Tool.run(["run", script]).output == "printed\n")
    #expect(try Tool.run(["run", script, "--echo"]).output == "2\nprinted\n")
  }

  @Test func aScriptReadsItsArguments() throws {
    let script = try folder.file("a.pass", "print(\"{args.root} {args.get(\"mode\", \"none\")}\")\n")
    #expect(try Tool.run(["run", script, "--seed", "3", "--", "root=data set"]).output == "data set none\n")
  }

  @Test func aShebangRunsTheScript() throws {
    let script = try folder.file("a.pass", "#!/usr/bin/env passbook\nprint(6 * 7)\n")
    #expect(try Tool.run([script]).output == "42\n")
  }

  @Test func aMarkOfByteOrderAndCarriageReturnsDoNoHarm() throws {
    let script = try folder.file("a.pass", "\u{FEFF}x = 42\r\nprint(x)\r\n")
    #expect(try Tool.run(["run", script]).output == "42\n")
  }

  @Test func errorsGoToStandardErrorWithOne() throws {
    let result = try Tool.run(["-e", "nonsense"])
    #expect(result.code == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("nonsense"))
  }

  @Test func aFailedExpectationExitsWithOne() throws {
    #expect(try Tool.run(["-e", "expect 1 > 2"]).code == 1)
  }

  @Test func checkFindsAMistakeWithoutRunning() throws {
    let wrong = try folder.file("wrong.pass", "print(\"ran\")\nnonsense\n")
    let right = try folder.file("right.pass", "print(\"ran\")\n")
    let result = try Tool.run(["check", wrong])
    #expect(result.code == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("wrong.pass:2:1"))
    #expect(try Tool.run(["check", right]).code == 0)
    #expect(try Tool.run(["check", right, "--", "scale=paper"]).code == 0)
    #expect(try Tool.run(["check", wrong, "--", "scale=paper"]).code == 1)
    #expect(try Tool.run(["check", "scale=paper"]).code == 2)
  }

  @Test(arguments: [
    ["--nonsense"], ["run"], ["nonsense"], ["run", "x.pass", "--threads", "0"], ["run", "x", "--", "y"],
  ])
  func wrongUsageExitsWithTwo(arguments: [String]) throws {
    let result = try Tool.run(arguments)
    #expect(result.code == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("error: "))
  }

  @Test func scriptsThatCannotBeReadExitWithTwoAndSayWhy() throws {
    let binary = try folder.file("binary.pass", [0x50, 0x00, 0x51])
    let latin = try folder.file("latin.pass", [0x61, 0x0A, 0xE9, 0x0A])
    let cases = [
      (folder.path + "/missing.pass", "there is no file"), (folder.path, "is a folder"), (binary, "is binary"),
      (latin, "is not UTF-8 text, first in line 2"), ("/dev/zero", "is binary"),
    ]
    for (path, reason) in cases {
      let result = try Tool.run(["run", path])
      #expect(result.code == 2)
      #expect(result.errors.contains(reason))
    }
  }

  @Test func anEndlessScriptIsRefused() throws {
    let result = try Tool.run(["run", try folder.file("long.pass", [UInt8](repeating: 0x0A, count: 17 << 20))])
    #expect(result.code == 2)
    #expect(result.errors.contains("larger than 16 MB"))
  }

  @Test func versionAndHelpSucceed() throws {
    #expect(try Tool.run(["--version"]).output.hasPrefix("passbook 0."))
    let help = try Tool.run(["--help"])
    #expect(help.code == 0)
    #expect(help.output.contains("USAGE"))
  }

  @Test func theFirstLossesCanBeTakenElsewhere() throws {
    let path = folder.path + "/start.safetensors"
    let result = try Tool.run(["bench", "losses", "pointnet", "--steps", "2", "--export", path])
    let printed = try JSONDecoder().decode([String: [Float]].self, from: Data(result.output.utf8))
    #expect(printed["losses"]?.count == 2)
    #expect(printed["losses"]?.allSatisfy { $0.isFinite } == true)
    let header = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(1 << 16)
    for name in ["convp1.conv.weight", "passport/p3/signs", "batch/1/labels"] {
      #expect(header.range(of: Data("\"\(name)\"".utf8)) != nil, "\(name)")
    }
  }

  @Test func theManualIsAManualPage() throws {
    let manual = try Tool.run(["manual"])
    #expect(manual.code == 0)
    #expect(manual.output.hasPrefix(".TH PASSBOOK 1"))
  }

  @Test func awayFromATerminalThereAreNoControlBytes() throws {
    let result = try Tool.run([], input: "[1, 2, 3]\nnonsense\n")
    #expect(!(result.output + result.errors).utf8.contains { $0 < 32 && $0 != 10 })
  }

  @Test func aFullDiskIsAnError() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Tool.path))
    process.arguments = ["-e", "1"]
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
  }
}
