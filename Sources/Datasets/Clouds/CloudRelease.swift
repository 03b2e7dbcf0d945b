/// What is known of a published data set of clouds.
struct CloudRelease: Sendable {
  let name: String
  let trainCount: Int
  let testCount: Int
  /// SHA-256 of the published archive, where one is known.
  var archiveSHA256: String?

  /// "all clouds", or how many there are of how many.
  func completeness(train: Int, test: Int) -> String {
    if train == trainCount, test == testCount { return "all clouds of the release" }
    return "deviates from the release: "
      + "\(train) of \(trainCount) training clouds and \(test) of \(testCount) test clouds"
  }

  /// Joins both halves with where they come from.
  func dataset(
    train: [CloudFile], test: [CloudFile], classNames: [String], indexFiles: [String] = [], notes: [String] = [],
    _ loader: CloudLoader
  ) throws -> PointDataset {
    var loader = loader
    let total = train.count + test.count
    guard total > 0 else {
      throw DatasetError.missing(path: loader.tree.root, expected: "any cloud of \(name)", help: "check the path")
    }
    // A short list that names one cloud many times would ask for much memory.
    guard Set((train + test).map(\.path)).count == total else {
      throw DatasetError.request("\(loader.tree.root): a cloud is listed twice; each stands once, in one of the halves")
    }
    let sets = try [train, test].map { try loader.load($0, classNames: classNames, total: total) }
    let files = try loader.provenanceFiles(beside: indexFiles)
    let official = loader.tree.isArchive && archiveSHA256 != nil && files.first?.sha256 == archiveSHA256
    let checksums =
      loader.tree.isArchive && archiveSHA256 != nil
      ? [official ? "the checksum is the published one" : "the checksum is not that of the published archive"] : []
    return PointDataset(
      train: sets[0], test: sets[1],
      provenance: provenance(
        of: loader.tree, counts: (train.count, test.count), official: official, files: files, checksums: checksums,
        notes: notes))
  }

  /// Where clouds come from, with what the checksums say, links that were passed over, and other notes.
  func provenance(
    of tree: FileTree, counts: (train: Int, test: Int), official: Bool, files: [Provenance.File],
    checksums: [String], notes: [String]
  ) -> Provenance {
    let links =
      tree.strayLinks.isEmpty ? [] : ["\(tree.strayLinks.count) links that lead out of the folder were passed over"]
    let all = [completeness(train: counts.train, test: counts.test)] + checksums + links + notes
    return Provenance(
      source: "\(name) from \(tree.root)", official: official, files: files, counts: counts,
      note: all.joined(separator: "; "))
  }
}

/// Short texts of a data set: one entry a line.
enum IndexFile {
  static let longest = 1 << 24

  /// The lines without white space around them, without empty ones.
  static func lines(_ path: String, in tree: FileTree) throws -> [String] {
    let bytes = try tree.contents(of: path, limit: longest)
    return bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }).compactMap { line in
      let text = line.drop { $0 <= 32 }
      let end = text.lastIndex { $0 > 32 }
      return end.map { String(decoding: text[...$0], as: UTF8.self) }
    }
  }
}

extension StringProtocol {
  /// `airplane_0001` out of `airplane_0001.off`.
  var withoutEnding: String {
    guard let point = lastIndex(of: "."), point != startIndex else { return String(self) }
    return String(self[..<point])
  }
}
