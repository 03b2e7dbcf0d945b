import Files
import Foundation
import Testing

@testable import Datasets

/// Decoded clouds that are kept and mapped, and what makes them stale.
@Suite struct CloudCacheTests {
  let scratch: Scratch
  let cache: CloudCache

  init() throws {
    scratch = try Scratch()
    cache = CloudCache(folder: scratch.path + "/cache")
    for index in 0..<120 {
      try scratch.write("net/chair/\(index % 5 == 0 ? "test" : "train")/chair_\(index).off", square(Double(index + 1)))
    }
  }

  /// The data set, how often it was decoded for it, and what was warned of.
  private func load(
    _ options: String = "a", in cache: CloudCache? = nil
  ) throws -> (data: PointDataset, decoded: Int, warnings: [String]) {
    var decoded = 0
    var warnings: [String] = []
    let data = try (cache ?? self.cache).load(
      scratch.path + "/net", options: options, warn: { warnings.append($0) }, poll: {}
    ) {
      decoded += 1
      return try ModelNet.load(scratch.path + "/net", sampling: Sampling(points: 8, seed: 1))
    }
    return (data, decoded, warnings)
  }

  private func entry() throws -> String { try #require(cache.folder.entries().first).path }

  @Test func decodedOnceAndMappedAfterwards() throws {
    let plain = try ModelNet.load(scratch.path + "/net", sampling: Sampling(points: 8, seed: 1))
    for decodings in [1, 0, 0] {
      let (data, decoded, warnings) = try load()
      #expect(decoded == decodings && warnings.isEmpty)
      #expect(data.train.coordinates.isMapped && data.test.coordinates.isMapped)
      #expect(data.train == plain.train && data.test == plain.test)
      #expect(data.provenance == plain.provenance)
      #expect(try data.train.cloud(95) == plain.train.cloud(95))
      #expect(try data.train.selecting([3, 3]) == plain.train.selecting([3, 3]))
    }
    #expect(cache.folder.entries().count == 1)
    #expect(try CloudCache.title(of: #require(cache.folder.entries().first)) == scratch.path + "/net")
  }

  @Test func whatDecidesTheCloudsDecidesTheEntry() throws {
    _ = try load()
    #expect(try load("b").decoded == 1)
    try scratch.write("net/chair/train/chair_1.off", square(77))
    #expect(try load().decoded == 1)
    try FileManager.default.removeItem(atPath: scratch.path + "/net/chair/train/chair_2.off")
    let (data, decoded, _) = try load()
    #expect(decoded == 1 && data.train.count == 95)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 7)], ofItemAtPath: scratch.path + "/net/chair/train/chair_3.off")
    #expect(try load().decoded == 1)
    #expect(try load().decoded == 0)
  }

  @Test func smallSetsAreNotKept() throws {
    for index in 0..<30 where index % 5 != 0 {
      try FileManager.default.removeItem(atPath: scratch.path + "/net/chair/train/chair_\(index).off")
    }
    let (data, decoded, _) = try load()
    #expect(decoded == 1 && !data.train.coordinates.isMapped)
    #expect(cache.folder.entries().isEmpty)
  }

  /// Every byte of the header, every length of the file: refused, said, and made anew.
  @Test func damagedEntriesAreRefused() throws {
    let plain = try load().data
    let path = try entry()
    let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    let key = FilePath.baseName(path).withoutEnding
    let header = 48 + Int(whole[8]) + Int(whole[9]) << 8 + Int(whole[10]) << 16
    for offset in stride(from: 0, to: header, by: 7) {
      var damaged = whole
      damaged[offset] ^= 0x10
      try scratch.write("cache/damaged", damaged)
      #expect(throws: DatasetError.self) { try CloudCacheFile.read(scratch.path + "/cache/damaged", key: key) }
    }
    for length in [0, 7, 47, header - 1, header, whole.count - 4, whole.count - 1] {
      try scratch.write("cache/damaged", Array(whole.prefix(length)))
      #expect(throws: DatasetError.self) { try CloudCacheFile.read(scratch.path + "/cache/damaged", key: key) }
    }
    try scratch.write("cache/damaged", whole + [0, 0, 0, 0])
    #expect(throws: DatasetError.self) { try CloudCacheFile.read(scratch.path + "/cache/damaged", key: key) }
    #expect(throws: DatasetError.self) { try CloudCacheFile.read(path, key: "another") }

    // Replaced and not cut, since `plain` has it mapped.
    try Data(whole.prefix(whole.count / 2)).write(to: URL(fileURLWithPath: path), options: .atomic)
    let (data, decoded, warnings) = try load()
    #expect(decoded == 1 && data.train == plain.train)
    #expect(warnings.count == 1 && warnings[0].hasPrefix("the cached clouds cannot be used, so they are read anew: "))
    #expect(try load().decoded == 0)
  }

  /// A header that is whole but asks for more than there is.
  @Test(arguments: [
    ("points", JSON.integer(1 << 40)), ("points", .integer(-1)), ("points", .integer(9)), ("up", .string("x")),
    ("labels", .array([.integer(5)])), ("labels", .array([.integer(-1)])), ("labels", .null), ("classes", .array([])),
  ])
  func forgedHeadersAreRefused(name: String, value: JSON) throws {
    let right: [(String, JSON)] = [
      ("points", .integer(2)), ("up", .string("z")), ("classes", .array([.string("a")])),
      ("labels", .array([.integer(0)])),
    ]
    func file(_ members: [(String, JSON)]) throws -> String {
      let set = JSON.object(members.map { JSON.Member($0.0, $0.1) })
      let header = Array(
        try JSON.object([.init("key", .string("k")), .init("sets", .array([set])), .init("details", .null)]).text().utf8)
      var hash = Checksum.SHA256()
      hash.update(header)
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
      let padding = (48 + header.count + 63) / 64 * 64 - 48 - header.count
      return try scratch.write(
        "forged", Array("PBCLOUD1".utf8) + length + hash.digest + header + [UInt8](repeating: 0, count: padding + 24))
    }
    #expect(try CloudCacheFile.read(file(right), key: "k").sets[0].count == 1)
    let path = try file(right.map { $0.0 == name ? ($0.0, value) : $0 })
    #expect(throws: DatasetError.self) { try CloudCacheFile.read(path, key: "k") }
  }

  @Test func aFullDiskOrAStopLeavesNothing() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try cache.load(
        scratch.path + "/net", options: "a", warn: { _ in },
        poll: { if FileManager.default.fileExists(atPath: scratch.path + "/cache") { throw Stop() } }
      ) { try ModelNet.load(scratch.path + "/net", sampling: Sampling(points: 8, seed: 1)) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/cache").isEmpty)
    try scratch.write("blocked", [])
    let (data, decoded, warnings) = try load(in: CloudCache(folder: scratch.path + "/blocked"))
    #expect(decoded == 1 && data.train.count == 96)
    #expect(warnings.count == 1 && warnings[0].hasPrefix("the clouds are not kept in the cache: "))
  }

  @Test func foldersAndTheirNotes() throws {
    func contents() throws -> CloudFolder.Contents {
      try cache.load(scratch.path + "/net", options: "c", warn: { _ in }, poll: {}) {
        try CloudFolder.load(scratch.path + "/net", sampling: Sampling(points: 4, seed: 1))
      }
    }
    let (first, second) = (try contents(), try contents())
    #expect(second.clouds.coordinates.isMapped)
    #expect(first.clouds == second.clouds && first.paths == second.paths && first.notes == second.notes)
    #expect(first.provenance == second.provenance && first.provenance.files.map(\.name) == ["120 clouds"])
    // An entry of another kind of result is no answer.
    #expect(try load("c").warnings.first?.contains("it holds clouds of another kind") == true)
  }
}
