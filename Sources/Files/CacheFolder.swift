import Glibc

/// Files in a folder that could be made anew, one a key; the least recently used go when there are too many.
public struct CacheFolder: Sendable {
  public struct Entry: Sendable {
    public let path: String
    /// Bytes.
    public let size: Int
    /// Seconds since 1970.
    public let lastUse: Double
  }

  public let path: String
  /// What the names of entries end with; other files in the folder are left alone.
  public let suffix: String
  /// The most bytes that all entries together may have.
  public let limit: Int

  public init(path: String, suffix: String, limit: Int) {
    self.path = path
    self.suffix = suffix
    self.limit = limit
  }

  /// `$XDG_CACHE_HOME/passbook/<name>`, or `~/.cache/passbook/<name>`; nothing without a home.
  public static func standardPath(_ name: String, environment: [String: String]) -> String? {
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return "\(cache)/passbook/\(name)" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return "\(home)/.cache/passbook/\(name)"
  }

  /// All entries, the most recently used first; none where the folder cannot be read.
  public func entries() -> [Entry] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var entries: [Entry] = []
    while let found = readdir(folder) {
      let name = withUnsafeBytes(of: &found.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      var status = stat()
      guard name.hasSuffix(suffix), !name.hasPrefix("."), lstat(path + "/" + name, &status) == 0,
        status.st_mode & S_IFMT == S_IFREG
      else { continue }
      let lastUse = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
      entries.append(Entry(path: path + "/" + name, size: Int(status.st_size), lastUse: lastUse))
    }
    return entries.sorted { ($1.lastUse, $0.path) < ($0.lastUse, $1.path) }
  }

  /// Removes all entries; answers how many there were.
  public func clear() throws -> Int {
    let entries = entries()
    for entry in entries { try remove(entry.path) }
    return entries.count
  }

  public func path(of key: String) -> String { path + "/" + key + suffix }

  public func contains(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes the folder and those above it, for the user alone.
  public func make() throws {
    var place = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      place += "/" + part
      guard mkdir(place, 0o700) == 0 || errno == EEXIST else {
        throw FileError(path: path, reason: "this folder of the cache cannot be made; set XDG_CACHE_HOME to another")
      }
    }
  }

  /// Makes an entry the most recently used one. A cache that may be read and not written still serves.
  public func touch(_ path: String) { utimensat(AT_FDCWD, path, nil, 0) }

  /// Removes the least recently used entries beyond the limit, but never the one that was just made.
  public func shrink(keeping path: String) throws {
    var total = 0
    for entry in entries() {
      total += entry.size
      if total > limit, entry.path != path { try remove(entry.path) }
    }
  }

  /// Removes an entry; another process may have been first.
  public func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw FileError(path: path, reason: "it cannot be removed from the cache; check who owns it")
    }
  }
}
