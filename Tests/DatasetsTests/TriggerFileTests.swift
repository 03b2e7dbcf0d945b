import Files
import Foundation
import Testing

@testable import Datasets

@Suite struct TriggerFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static func sets() throws -> [TriggerSet] {
    let pictures = try AbstractPictures.make(count: 6, size: 8, seed: 5)
    let clouds = try Solids.make(train: 1, test: 10, points: 16, seed: 3).test
    return [
      try TriggerSet(from: pictures, count: 4, classes: 10, seed: 2),
      try TriggerSet(from: clouds, count: 5, classes: 7, seed: 2),
    ]
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func aSavedSetIsTheSameSet() throws {
    for set in try Self.sets() {
      let path = scratch.path + "/triggers.safetensors"
      try set.save(to: path)
      let file = try Safetensors.File(path: path)
      #expect(TriggerSet.isTriggerSet(file))
      let back = try TriggerSet(file)
      #expect(back == set && back.sha256 == set.sha256)
      #expect(try mode(path) == 0o600)
    }
  }

  @Test func aFileThatOthersMayReadIsClosed() throws {
    let path = try scratch.write("triggers.safetensors", [])
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    try Self.sets()[0].save(to: path)
    #expect(try mode(path) == 0o600)
  }

  @Test func aChangedPixelIsNoticed() throws {
    let path = scratch.path + "/triggers.safetensors"
    try Self.sets()[0].save(to: path)
    var bytes = try FileReader.contents(of: path, limit: 1 << 20)
    bytes[bytes.count - 1] ^= 1
    let file = try Safetensors.File(FileReader(bytes: bytes, name: "triggers"))
    #expect {
      _ = try TriggerSet(file)
    } throws: { "\($0)".contains("was changed after it was saved") }
  }

  @Test func otherFilesAreNoTriggers() throws {
    let path = scratch.path + "/other.safetensors"
    try Safetensors.write(
      [.integers("labels", shape: [1], [0])], metadata: ["passbook": "{\"format\":\"claim/1\"}"], to: path)
    let file = try Safetensors.File(path: path)
    #expect(!TriggerSet.isTriggerSet(file))
    #expect(throws: DatasetError.self) { try TriggerSet(file) }
  }

  /// PASSBOOK_FUZZ sets how many damaged files are read: each is refused, or has the SHA-256 that it names.
  @Test func mutationsAreReadOrRefused() throws {
    let rounds = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 2000
    for (number, set) in try Self.sets().enumerated() {
      let path = scratch.path + "/triggers.safetensors"
      try set.save(to: path)
      let whole = try FileReader.contents(of: path, limit: 1 << 20)
      let header = min(whole.count, 8 + Int(whole[0]) + Int(whole[1]) << 8)
      var bits = SeededBits(seed: 19, stream: UInt64(number))
      var outcomes = (values: 0, errors: 0)
      for _ in 0..<rounds {
        var bytes = whole
        for _ in 0...bits.below(2) {
          let position = bits.below(8) > 0 ? bits.below(header) : bits.below(bytes.count)
          switch bits.below(4) {
          case 0: bytes[position] ^= 1 << UInt8(bits.below(8))
          case 1: bytes[position] = UInt8(48 + bits.below(10))
          case 2: bytes[position] = UInt8(bits.below(256))
          default: bytes.removeLast(min(bits.below(40), bytes.count - header))
          }
        }
        do {
          let back = try TriggerSet(Safetensors.File(FileReader(bytes: bytes, name: "triggers")))
          #expect(back.sha256 == set.sha256)
          outcomes.values += 1
        } catch {
          outcomes.errors += 1
        }
      }
      #expect(outcomes.values > 0 && outcomes.errors > 0, "\(outcomes)")
    }
  }
}
