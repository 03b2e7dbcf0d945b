import Foundation
import Testing

@testable import Files

@Suite struct FilesTests {
  private let folder: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
  }

  @Test func checksumOfTheStandard() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(Checksum.sha256(of: Array("abc".utf8)) == expected)
    try AtomicFile.write(Array("abc".utf8), to: folder + "/abc")
    #expect(try Checksum.sha256(contentsOf: folder + "/abc") == expected)
    #expect(throws: FileError(path: folder, reason: "this is a folder; expected a file")) {
      try Checksum.sha256(contentsOf: folder)
    }
    #expect(throws: FileError.self) { try Checksum.sha256(contentsOf: "a\0b") }
  }

  /// The test suite of RFC 1321, and every way to cut a message at the borders of blocks.
  @Test func md5OfTheStandard() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(Checksum.md5(of: []) == "d41d8cd98f00b204e9800998ecf8427e")
    #expect(Checksum.md5(of: Array("message digest".utf8)) == "f96b697d7cb7938d525a2f31aaf161d0")
    let digits = Array(String(repeating: "1234567890", count: 8).utf8)
    #expect(Checksum.md5(of: digits) == "57edf4a22be3c955ac49da2e2107b67a")
    for length in 0...digits.count {
      var whole = Checksum.MD5()
      whole.update(Array(digits[..<length]))
      for cut in 0...length {
        var parts = Checksum.MD5()
        parts.update(Array(digits[..<cut]))
        parts.update(Array(digits[cut..<length]))
        #expect(parts.hexadecimal == whole.hexadecimal)
      }
    }
    try AtomicFile.write(Array("abc".utf8), to: folder + "/abc")
    #expect(try Checksum.md5(contentsOf: folder + "/abc") == "900150983cd24fb0d6963f7d28e17f72")
  }

  @Test func failedWritingLeavesTheOldFileAlone() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    struct Interrupted: Error {}
    try AtomicFile.write([1, 2], to: folder + "/file")
    #expect(throws: Interrupted.self) {
      try AtomicFile.write(to: folder + "/file") { sink in
        try sink.write([3])
        throw Interrupted()
      }
    }
    #expect(try FileReader.contents(of: folder + "/file", limit: 9) == [1, 2])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
  }

  @Test func linksAndPermissionsStay() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write([1], to: folder + "/file", permissions: 0o600)
    try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "file")
    try AtomicFile.write([2], to: folder + "/link")
    #expect(try FileReader.contents(of: folder + "/file", limit: 9) == [2])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "file")
    let mode = try FileManager.default.attributesOfItem(atPath: folder + "/file")[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(throws: FileError.self) { try AtomicFile.write([1], to: "/dev/null") }
    #expect(throws: FileError.self) { try AtomicFile.write([1], to: folder + "/missing/file") }
  }

  @Test func JSONKeepsWhatItReads() throws {
    let text = #"{"b":[1,-2.5,1e-20,true,null],"a":"\"\\\n\u0001é😀","c":{}}"#
    #expect(try JSON(parsing: text).text() == text)
    #expect(try JSON(parsing: #""\ud83d\ude00""#) == .string("😀"))
  }

  @Test(arguments: ["", "01", "1e999", "[1,]", "{\"a\":1,\"a\":2}", "\"\\ud83d\"", "nul", "1 2", "-", "\"a"])
  func wrongJSONIsRefused(text: String) {
    #expect(throws: JSON.Failure.self) { try JSON(parsing: text) }
  }
}

@Suite struct IndentedJSONTests {
  @Test func itReadsBackAsTheSame() throws {
    let json = JSON.object([
      .init("a \"b\"", .array([.integer(1), .null, .array([]), .object([])])), .init("c", .string("d\n")),
    ])
    let text = try json.indentedText(by: 2)
    #expect(text == "{\n  \"a \\\"b\\\"\": [\n    1,\n    null,\n    [],\n    {}\n  ],\n  \"c\": \"d\\n\"\n}")
    #expect(try JSON(parsing: text) == json)
  }

  @Test func whatNestsTooDeeplyIsAnError() {
    let deep = (0...JSON.deepest).reduce(JSON.null) { value, _ in .array([value]) }
    #expect(throws: JSON.Failure.self) { try deep.indentedText() }
    #expect(throws: JSON.Failure.self) { try JSON.array([.number(.nan)]).indentedText() }
  }
}
