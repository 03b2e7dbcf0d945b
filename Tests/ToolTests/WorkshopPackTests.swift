import Foundation
import Testing

@Suite(.enabled(if: Tool.isBuilt, Tool.absence))
struct WorkshopPackTests {
  private func run(_ program: String, _ arguments: [String], environment: [String: String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func thePackRunsWithoutPathAndHomeAndReplacesNothing() throws {
    let folder = try TemporaryFolder()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Scripts/workshop-pack").standardizedFileURL.path
    let pack = folder.path + "/a pack"
    let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PASSBOOK_TOOL": try #require(Tool.path)]
    #expect(try run(script, [pack], environment: environment) == 0)
    #expect(try run(script, [pack], environment: environment) == 2)
    #expect(try run(pack + "/start", ["2", "--check"], environment: [:]) == 0)
    #expect(
      try run("/bin/sh", ["-c", "cd '\(pack)' && sha256sum --quiet -c SHA256SUMS"], environment: environment) == 0)
  }
}
