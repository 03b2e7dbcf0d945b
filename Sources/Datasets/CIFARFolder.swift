import Files

/// The release as a folder of .bin files.
enum CIFARFolder {
  static func load(_ release: CIFARRelease, from path: String) throws -> Dataset {
    let folder = try locate(release, in: path)
    var collection = CIFARCollection(release)
    var files: [Provenance.File] = []
    for name in release.files + [release.namesFile] {
      let file = FilePath.join(folder, name)
      guard FilePath.kind(of: file) != nil else { continue }
      let reader = try FileReader(path: file)
      var checksum = Checksum.SHA256()
      try collection.read(name, path: file, length: reader.count) { body in
        try reader.forEachChunk { piece in
          checksum.update(piece)
          try body(piece)
        }
      }
      files.append(.init(name: name, length: reader.count, sha256: checksum.hexadecimal))
    }
    let missing = collection.missingFiles
    guard missing.isEmpty else { throw release.missing(folder, missing.joined(separator: ", ")) }
    let (train, test) = try collection.images()
    let isComplete = train.count == release.trainRecords && test.count == release.testRecords
    let checksums =
      "no checksums of single .bin files are published; to have them proved, read \(release.archive.name)"
    return Dataset(
      train: train, test: test,
      provenance: Provenance(
        source: "\(release.name) (binary version) from \(folder)", official: false, files: files,
        counts: (train.count, test.count),
        note: collection.completeness(train: train.count, test: test.count)
          + (isComplete ? ", lengths as published; " : "; ") + checksums))
  }

  /// The folder itself, or the release's folder inside it.
  private static func locate(_ release: CIFARRelease, in path: String) throws -> String {
    let candidates = [path, FilePath.join(path, release.folder)]
    let found = candidates.first { folder in
      release.files.contains { FilePath.kind(of: FilePath.join(folder, $0)) != nil }
    }
    guard let found else { throw release.missing(path, "\(release.files[0]), here or in \(release.folder),") }
    return found
  }
}
