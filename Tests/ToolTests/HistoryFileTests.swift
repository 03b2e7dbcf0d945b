import Foundation
import Terminal
import Testing

struct HistoryFileTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/state/passbook/history" }

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ["x = 1", "fn f() {\n  \"a\\n\"\n}", "#123 comment", "\\", "größe = 5min  # 大きい", "a\\\nb", "a\tb"])
  func entriesComeBackAsTheyWere(entry: String) {
    HistoryFile(path: path).append(entry)
    #expect(HistoryFile(path: path).entries() == [entry])
  }

  @Test func repeatedAndOversizedEntriesAreNotKept() {
    let history = HistoryFile(path: path)
    for entry in ["a", "a", "b", String(repeating: "x", count: 1 << 17), "a"] { history.append(entry) }
    #expect(history.entries() == ["a", "b", "a"])
  }

  @Test func twoSessionsKeepEachOthersEntries() {
    let first = HistoryFile(path: path)
    let second = HistoryFile(path: path)
    first.append("first")
    second.append("second")
    first.append("third")
    #expect(HistoryFile(path: path).entries() == ["first", "second", "third"])
  }

  @Test func onlyTheNewestEntriesStay() throws {
    let lines = (1...HistoryFile.capacity + 5).map { "entry \($0)\n" }.joined()
    let path = try folder.file("history", lines)
    let entries = HistoryFile(path: path).entries()
    #expect(entries.count == HistoryFile.capacity)
    #expect(entries.first == "entry 6")
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("entry 6\n"))
  }

  @Test func whatCannotBeReadIsEmpty() throws {
    let bytes: [UInt8] = [0xFF, 0x00, 0x5C, 0x0A, 0x61]
    #expect(HistoryFile(path: folder.path).entries().isEmpty)
    #expect(HistoryFile(path: "/dev/zero").entries().isEmpty)
    #expect(HistoryFile(path: try folder.file("damaged", bytes)).entries() == ["\u{FFFD}", "a"])
  }

  @Test func theFileIsPrivate() throws {
    HistoryFile(path: path).append("x")
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func itsPlaceFollowsTheStandard() {
    let state = HistoryFile.standardPath(environment: ["XDG_STATE_HOME": "/s", "HOME": "/h"])
    #expect(state == "/s/passbook/history")
    #expect(HistoryFile.standardPath(environment: ["HOME": "/h"]) == "/h/.local/state/passbook/history")
    #expect(HistoryFile.standardPath(environment: [:]) == nil)
  }
}
