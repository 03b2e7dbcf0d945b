import Files
import Foundation
import Testing

@testable import Keys

/// Sealed keys: what opens, what does not, and that nothing is overwritten.
@Suite struct KeyFileTests {
  private let cheap = KeyFile.Cost(operations: 1, memory: 8 << 10)
  private let phrase = Array("correct horse".utf8)

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("passbook-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func reason(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "nothing was thrown"
  }

  @Test func opensWithItsPassPhraseAlone() throws {
    try inFolder { folder in
      let path = folder + "/owner.key"
      let key = try OwnerKey(newFor: "Lab 26")
      try KeyFile.save(key, to: path, passphrase: phrase, cost: cheap)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let opened = try KeyFile.open(path, passphrase: phrase)
      #expect(opened.secret == key.secret && opened.statement == "Lab 26" && opened.identity == key.identity)
      #expect(reason { _ = try KeyFile.open(path, passphrase: Array("wrong".utf8)) }.contains("the pass phrase does not open"))
      #expect(reason { _ = try KeyFile.open(path, passphrase: []) }.contains("a pass phrase is not empty"))
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(bytes.range(of: Data(key.secret)) == nil && bytes.range(of: Data("Lab 26".utf8)) == nil)
    }
  }

  @Test func neverOverwrites() throws {
    try inFolder { folder in
      let path = folder + "/owner.key"
      try "precious".write(toFile: path, atomically: true, encoding: .utf8)
      let key = try OwnerKey(newFor: "Lab 26")
      #expect(reason { try KeyFile.save(key, to: path, passphrase: phrase, cost: cheap) }.contains("never overwritten"))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
      // Nothing else that is written takes a key's place either.
      let sealed = folder + "/sealed.key"
      try KeyFile.save(key, to: sealed, passphrase: phrase, cost: cheap)
      #expect(reason { try AtomicFile.write([1, 2, 3], to: sealed) }.contains("never overwritten"))
      #expect(try KeyFile.open(sealed, passphrase: phrase).identity == key.identity)
      #expect(reason { _ = try KeyFile.open(folder, passphrase: phrase) }.contains("no file"))
      #expect(reason { _ = try KeyFile.open(path + "x", passphrase: phrase) }.contains("no such file"))
      chmod(path, 0o600)
      #expect(reason { _ = try KeyFile.open(path, passphrase: phrase) }.contains("this is no key"))
      chmod(path, 0o640)
      #expect(reason { _ = try KeyFile.open(path, passphrase: phrase) }.contains("chmod 600"))
    }
  }

  @Test func everyFlippedBitAndEveryCutIsRefused() throws {
    let sealed = try KeyFile.seal(OwnerKey(newFor: "Lab 26"), phrase, cheap)
    for position in sealed.indices {
      var damaged = sealed
      damaged[position] ^= 1 << UInt8(position % 8)
      #expect(throws: FileError.self) { try KeyFile.checkFrame(damaged, path: "owner.key") }
      #expect(throws: FileError.self) { try KeyFile.checkFrame(Array(sealed.prefix(position)), path: "owner.key") }
    }
  }

  /// Whoever mends the checksum, too, still does not get past the box, nor past the limits on what Argon2id may cost.
  @Test(arguments: [16, 20, 24, 27, 30, 40, 60, 72, 100, 130])
  func mendedChecksumsDoNotHelp(_ position: Int) throws {
    var file = try KeyFile.seal(OwnerKey(newFor: "Lab 26"), phrase, cheap)
    #expect(try KeyFile.unseal(file, phrase, path: "k").statement == "Lab 26")
    file[position] ^= 0x40
    var hash = Checksum.SHA256()
    hash.update(Array(file.dropLast(32)))
    file.replaceSubrange(file.count - 32..<file.count, with: hash.digest)
    let found = reason { _ = try KeyFile.unseal(file, phrase, path: "k") }
    #expect(found.contains("does not open") || found.contains("Argon2id"), "\(found)")
  }

  @Test func mutationsNeverTrap() throws {
    let count = Int(ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"] ?? "") ?? 2000
    let sealed = try KeyFile.seal(OwnerKey(newFor: "Lab 26"), phrase, cheap)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<count {
      var file = sealed
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0 where !file.isEmpty: file[Int.random(in: 0..<file.count, using: &generator)] = .random(in: 0...255)
        case 1: file.removeLast(min(file.count, Int.random(in: 0...40, using: &generator)))
        default: file.append(.random(in: 0...255))
        }
      }
      guard file != sealed else { continue }
      #expect(throws: FileError.self) { try KeyFile.unseal(file, phrase, path: "k") }
    }
  }
}
