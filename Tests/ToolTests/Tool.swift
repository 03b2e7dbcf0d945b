import Foundation
import Testing

/// The built tool; `Scripts/test` says where it is.
enum Tool {
  static let path = ProcessInfo.processInfo.environment["PASSBOOK_TOOL"]
  static let isBuilt = path != nil
  static let absence: Comment = "PASSBOOK_TOOL names no built tool; Scripts/test sets it"

  struct Result {
    var code: Int32
    var output: String
    var errors: String
  }

  /// Runs the tool with the text on standard input, away from any terminal.
  static func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> Result {
    let folder = try TemporaryFolder()
    let standardInput = folder.path + "/input"
    try Data(input.utf8).write(to: URL(fileURLWithPath: standardInput))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = arguments
    process.environment = ["HOME": folder.path, "TERM": "xterm"].merging(environment) { $1 }
    process.standardInput = FileHandle(forReadingAtPath: standardInput)
    let output = Pipe()
    process.standardOutput = output
    let errors = folder.path + "/errors"
    try Data().write(to: URL(fileURLWithPath: errors))
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }

  /// Opens the prompt in a pseudo-terminal, and waits for it.
  static func prompt(
    home: TemporaryFolder, environment: [String: String] = [:], arguments: [String] = []
  ) throws -> PseudoTerminal {
    let variables = ["HOME": home.path, "TERM": "xterm", "LANG": "C.UTF-8"].merging(environment) { $1 }
    let terminal = try PseudoTerminal([try #require(path)] + arguments, environment: variables)
    try terminal.expect("passbook 1> ")
    return terminal
  }
}

/// A folder that goes away with its last user.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/passbook-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and answers its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }

  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }
}
