import Files

/// The release as the archive that is downloaded, read without unpacking.
enum CIFARArchive {
  /// More than any published archive unpacks to.
  private static let longestEntry = 1 << 30
  private static let mostEntries = 1000

  static func load(_ release: CIFARRelease, from path: String) throws -> Dataset {
    var collection = CIFARCollection(release)
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
      try collection.read(
        FilePath.baseName(entry.path), path: "\(path): \(entry.path)", length: entry.length, archive.stream)
    }
    let missing = collection.missingFiles
    guard missing.isEmpty else { throw release.missing(path, missing.joined(separator: ", ")) }
    let file = Provenance.File(
      name: FilePath.baseName(path), length: try FileReader(path: path).count,
      sha256: try Checksum.sha256(contentsOf: path))
    let official = file.sha256 == release.archive.sha256
    let (train, test) = try collection.images()
    return Dataset(
      train: train, test: test,
      provenance: Provenance(
        source: "\(release.name) (binary version) from \(path)", official: official, files: [file],
        counts: (train.count, test.count),
        note: collection.completeness(train: train.count, test: test.count)
          + (official
            ? "; the checksum is the published one"
            : "; the checksum is not that of the published \(release.archive.name)")))
  }
}
