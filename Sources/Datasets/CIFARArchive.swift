import Files

/// The release as the archive that is downloaded, read without unpacking.
enum CIFARArchive {
  /// More than any published archive unpacks to.
  private static let longestEntry = 1 << 30
  private static let mostEntries = 1000

  /// - Parameter releases: The versions of one release.
  static func load(_ releases: [CIFARRelease], from path: String) throws -> Dataset {
    let release = try version(of: path, among: releases)
    var collection = CIFARCollection(release)
    try forEachFile(in: path) { entry, archive in
      try collection.read(
        FilePath.baseName(entry.path), path: "\(path): \(entry.path)", length: entry.length, archive.stream)
      return true
    }
    let missing = collection.missingFiles
    guard missing.isEmpty else { throw release.missing(path, missing.joined(separator: ", ")) }
    let file = Provenance.File(
      name: FilePath.baseName(path), length: try FileReader(path: path).count,
      sha256: try Checksum.sha256(contentsOf: path))
    let official = try
      release.archive.sha256 == file.sha256
      || (release.archive.sha256 == nil && release.archive.md5 == Checksum.md5(contentsOf: path))
    let (train, test) = try collection.images()
    return Dataset(
      train: train, test: test,
      provenance: Provenance(
        source: release.source(path), official: official, files: [file], counts: (train.count, test.count),
        note: collection.completeness(train: train.count, test: test.count)
          + (official
            ? "; the checksum is the published one"
            : "; the checksum is not that of the published \(release.archive.name)")))
  }

  /// The version whose file comes first.
  private static func version(of path: String, among releases: [CIFARRelease]) throws -> CIFARRelease {
    var found: CIFARRelease?
    try forEachFile(in: path) { entry, _ in
      found = releases.first { $0.files.contains(FilePath.baseName(entry.path)) }
      return found == nil
    }
    guard let found else { throw releases.missing(path, "any file of either version") }
    return found
  }

  /// Hands out the entries that are files, until `body` says that it has seen enough.
  private static func forEachFile(
    in path: String, _ body: (ArchiveReader.Entry, ArchiveReader) throws -> Bool
  ) throws {
    let archive = try ArchiveReader(path: path, format: .tar)
    var entries = 0
    while let entry = try archive.next() {
      entries += 1
      guard entries <= mostEntries else {
        throw DatasetError.tooLarge(
          path: path, what: "the archive has more entries", limit: "an archive of \(mostEntries)")
      }
      guard entry.length <= longestEntry else {
        throw DatasetError.tooLarge(
          path: path, what: "\(entry.path) has \(entry.length) bytes", limit: "\(longestEntry) bytes an entry")
      }
      guard entry.isFile else { continue }
      guard try body(entry, archive) else { return }
    }
  }
}
