import Files

/// The release as a folder of files.
enum CIFARFolder {
  /// - Parameter releases: The versions of one release.
  static func load(_ releases: [CIFARRelease], from path: String) throws -> Dataset {
    let (release, folder) = try locate(releases, in: path)
    var collection = CIFARCollection(release)
    var files: [Provenance.File] = []
    var sums: [String: String] = [:]
    for name in release.files + [release.namesFile] {
      let file = FilePath.join(folder, name)
      guard FilePath.kind(of: file) != nil else { continue }
      let reader = try FileReader(path: file)
      var checksum = Checksum.SHA256()
      var md5 = Checksum.MD5()
      try collection.read(name, path: file, length: reader.count) { body in
        try reader.forEachChunk { piece in
          checksum.update(piece)
          if !release.filesMD5.isEmpty { md5.update(piece) }
          try body(piece)
        }
      }
      files.append(.init(name: name, length: reader.count, sha256: checksum.hexadecimal))
      sums[name] = md5.hexadecimal
    }
    let missing = collection.missingFiles
    guard missing.isEmpty else { throw release.missing(folder, missing.joined(separator: ", ")) }
    let (train, test) = try collection.images()
    let official = !release.filesMD5.isEmpty && release.files.map { sums[$0] } == release.filesMD5
    let isComplete = train.count == release.trainRecords && test.count == release.testRecords
    let checksums =
      if release.filesMD5.isEmpty {
        "no checksums of single .bin files are published; to have them proved, read \(release.archive.name)"
      } else {
        official ? "the MD5 sums are the published ones" : "the MD5 sums are not those of the published files"
      }
    return Dataset(
      train: train, test: test,
      provenance: Provenance(
        source: release.source(folder), official: official, files: files, counts: (train.count, test.count),
        note: collection.completeness(train: train.count, test: test.count)
          + (isComplete && release.version == .binary ? ", lengths as published; " : "; ") + checksums))
  }

  /// A version's files in the folder itself, or in the version's folder inside it.
  private static func locate(_ releases: [CIFARRelease], in path: String) throws -> (CIFARRelease, String) {
    for release in releases {
      for folder in [path, FilePath.join(path, release.folder)]
      where release.files.contains(where: { FilePath.kind(of: FilePath.join(folder, $0)) == .file }) {
        return (release, folder)
      }
    }
    throw releases.missing(path, "any file of either version")
  }
}
