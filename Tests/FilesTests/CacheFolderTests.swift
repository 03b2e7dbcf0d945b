import Foundation
import Testing

@testable import Files

@Suite struct CacheFolderTests {
  private let path = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID().uuidString)").path

  private func cleanUp() { try? FileManager.default.removeItem(atPath: path) }

  @Test func theFolderIsForTheUserAlone() throws {
    defer { cleanUp() }
    let cache = CacheFolder(path: path + "/a/b", suffix: ".x", limit: 10)
    #expect(cache.entries().isEmpty)
    try cache.make()
    try cache.make()
    let mode = try FileManager.default.attributesOfItem(atPath: path + "/a/b")[.posixPermissions] as? Int
    #expect(mode == 0o700)
    try AtomicFile.write([1], to: path + "/file")
    let error = #expect(throws: FileError.self) { try CacheFolder(path: path + "/file/b", suffix: "", limit: 1).make() }
    #expect(error?.reason == "this folder of the cache cannot be made; set XDG_CACHE_HOME to another")
  }

  @Test func theLeastRecentlyUsedGoAndOthersStay() throws {
    defer { cleanUp() }
    let cache = CacheFolder(path: path, suffix: ".x", limit: 250)
    try cache.make()
    for (index, name) in ["a", "b", "c"].enumerated() {
      try AtomicFile.write([UInt8](repeating: 0, count: 100), to: cache.path(of: name))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000 + Double(index))], ofItemAtPath: cache.path(of: name))
    }
    try AtomicFile.write([1], to: path + "/other.y")
    cache.touch(cache.path(of: "a"))
    try cache.shrink(keeping: cache.path(of: "c"))
    #expect(cache.entries().map(\.path) == ["a", "c"].map(cache.path))
    #expect(cache.entries().map(\.size) == [100, 100])
    #expect(try cache.clear() == 2)
    try cache.remove(cache.path(of: "a"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["other.y"])
  }

  @Test func mappedFiles() throws {
    defer { cleanUp() }
    try CacheFolder(path: path, suffix: "", limit: 1).make()
    try AtomicFile.write([1, 2, 3], to: path + "/three")
    try AtomicFile.write([], to: path + "/none")
    let mapped = try MappedFile(path: path + "/three")
    try FileManager.default.removeItem(atPath: path + "/three")
    #expect(Array(mapped.bytes) == [1, 2, 3])
    #expect(try MappedFile(path: path + "/none").bytes.isEmpty)
    #expect(throws: FileError.self) { try MappedFile(path: path + "/three") }
    #expect(throws: FileError.self) { try MappedFile(path: path) }
    #expect(throws: FileError.self) { try MappedFile(path: "") }
  }
}
