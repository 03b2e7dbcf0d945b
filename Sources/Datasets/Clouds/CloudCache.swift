import Files

/// What can be kept in a cache of clouds: sets, and what else there is to know of them.
public protocol CachedClouds {
  var sets: [PointSet] { get }
  var details: JSON { get }
  /// Nil where these are not the sets and details of such a thing.
  init?(sets: [PointSet], details: JSON)
}

/// Decoded clouds of data sets in the user's cache folder, one file a data set: decoded once, and mapped afterwards.
///
/// An entry is found by the path of the data, the sizes and times of change of all its files, and how it was read; so
/// changed data is read anew. Damaged entries are refused and made anew. The least recently used entries go when all
/// together are larger than the limit.
public struct CloudCache: Sendable {
  /// Smaller data sets are read as fast without a cache.
  static let fewestClouds = 100
  private static let format = "passbook clouds 1"

  public let folder: CacheFolder

  public init(folder: String, limit: Int = 4_000_000_000) {
    self.folder = CacheFolder(path: folder, suffix: ".clouds", limit: limit)
  }

  /// `$XDG_CACHE_HOME/passbook/clouds`, or `~/.cache/passbook/clouds`; nothing without a home.
  public static func standardFolder(environment: [String: String]) -> String? {
    CacheFolder.standardPath("clouds", environment: environment)
  }

  /// What an entry holds, for a list: where the clouds come from; nil for one that cannot be read.
  public static func title(of entry: CacheFolder.Entry) -> String? {
    guard let header = try? CloudCacheFile.header(of: MappedFile(path: entry.path)),
      case .string(let title)? = header.json["title"]
    else { return nil }
    return title
  }

  /// The clouds at `path`: from the cache, or read by `make` and kept.
  ///
  /// - Parameters:
  ///   - options: All that decides what is read beside the files.
  ///   - warn: Is told why the cache could not be used; the data is there nevertheless.
  ///   - poll: Called now and then; what it throws ends the work.
  public func load<Result: CachedClouds>(
    _ path: String, options: String, warn: (String) -> Void, poll: () throws -> Void, make: () throws -> Result
  ) throws -> Result {
    // Where there is nothing, `make` says so in its own words.
    guard let stamp = try FileStamp.sha256(of: path, poll: poll) else { return try make() }
    let key = Checksum.sha256(of: Array("\(Self.format)\n\(options)\n\(stamp)".utf8))
    let entry = folder.path(of: key)
    if folder.contains(entry) {
      do {
        let found: Result = try read(entry, key)
        folder.touch(entry)
        return found
      } catch {
        warn("the cached clouds cannot be used, so they are read anew: \(error)")
      }
    }
    let made = try make()
    let size = CloudCacheFile.size(of: made.sets)
    // Data that changed while it was read is not what the key says.
    guard made.sets.reduce(0, { $0 + $1.count }) >= Self.fewestClouds, size <= folder.limit,
      try FileStamp.sha256(of: path, poll: poll) == stamp
    else { return made }
    do {
      try folder.make()
      try CloudCacheFile.write(made.sets, details: made.details, title: path, key: key, to: entry, poll: poll)
      try folder.shrink(keeping: entry)
      return try read(entry, key)
    } catch let error as FileError {
      warn("the clouds are not kept in the cache: \(error)")
    } catch let error as DatasetError {
      warn("the clouds are not kept in the cache: \(error)")
    }
    return made
  }

  private func read<Result: CachedClouds>(_ entry: String, _ key: String) throws -> Result {
    let (sets, details) = try CloudCacheFile.read(entry, key: key)
    guard let result = Result(sets: sets, details: details) else {
      throw DatasetError.unreadable(path: entry, reason: "it holds clouds of another kind")
    }
    return result
  }
}
