import Files
import Foundation
import Networks

/// Finished trainings in a folder, one checkpoint each, so that a training is not done twice; the least recently used
/// go when there are too many.
public struct TrainingCache: Sendable {
  /// A finished training.
  public struct Entry: Sendable {
    public let path: String
    /// Bytes.
    public let size: Int
    public let lastUse: Date

    /// `small, 5 epochs`: the model and how long it was trained; nil for a file that cannot be read.
    public var title: String? {
      guard let file = try? Safetensors.File(path: path), let text = file.metadata[Network.metadataKey],
        let record = try? JSON(parsing: text), case .integer(let epochs)? = record["epoch"],
        case .string(let architecture)? = record["architecture"],
        case .string(let name)? = (try? JSON(parsing: architecture))?["name"]
      else { return nil }
      return "\(name), \(epochs) epoch\(epochs == 1 ? "" : "s")"
    }
  }

  public let folder: String
  /// The most bytes that all entries together may have.
  public let limit: Int
  /// What computes: version, build and the processor's kernels. Another engine may give other bits.
  let engine: String

  private static let suffix = ".safetensors"

  public init(folder: String, engine: String = "", limit: Int = 2_000_000_000) {
    self.folder = folder
    self.engine = engine
    self.limit = limit
  }

  /// `$XDG_CACHE_HOME/passbook/training`, or `~/.cache/passbook/training`; nothing without a home.
  public static func standardFolder(environment: [String: String]) -> String? {
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache + "/passbook/training" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.cache/passbook/training"
  }

  /// All entries, the most recently used first.
  public func entries() -> [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let found = names.filter { $0.hasSuffix(Self.suffix) && !$0.hasPrefix(".") }.compactMap { name -> Entry? in
      let path = folder + "/" + name
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
        attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int,
        let lastUse = attributes[.modificationDate] as? Date
      else { return nil }
      return Entry(path: path, size: size, lastUse: lastUse)
    }
    return found.sorted { ($1.lastUse, $0.path) < ($0.lastUse, $1.path) }
  }

  /// Removes all entries; answers how many there were.
  public func clear() throws -> Int {
    let entries = entries()
    for entry in entries { try remove(entry.path) }
    return entries.count
  }

  func path(of key: String) -> String { folder + "/" + key + Self.suffix }

  func contains(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  func makeFolder() throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw FileError(path: folder, reason: "this folder of the cache cannot be made; set XDG_CACHE_HOME to another")
    }
  }

  /// Makes an entry the most recently used one.
  func touch(_ path: String) {
    // A cache that may be read and not written still serves; only its order suffers.
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
  }

  /// Removes the least recently used entries beyond the limit, but never the one that was just made.
  func shrink(keeping path: String) throws {
    var total = 0
    for entry in entries() {
      total += entry.size
      if total > limit, entry.path != path { try remove(entry.path) }
    }
  }

  private func remove(_ path: String) throws {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      // Another process may have been first.
      guard contains(path) else { return }
      throw FileError(path: path, reason: "it cannot be removed from the cache; check who owns it")
    }
  }
}
