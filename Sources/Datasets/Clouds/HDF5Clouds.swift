import Files
import HDF5
import Tensors

/// The files of a release in HDF5, as its lists name them.
///
/// A list may hold paths of another machine, even of another system; the files lie beside it under their base names.
struct HDF5Clouds {
  /// The longest published file has about 70 MiB.
  private static let longestFile = 1 << 27
  private static let mostFiles = 1000

  let tree: FileTree
  private let release: HDF5Release
  /// The folder that holds the lists, with a slash behind it unless it is empty.
  private let place: String

  /// Nil where there is no list of this release.
  init?(_ tree: FileTree, _ release: HDF5Release) throws {
    let lists = tree.paths(named: release.trainLists[0])
    guard let list = lists.first else { return nil }
    guard lists.count == 1 else {
      throw DatasetError.request(
        "\(tree.root): there are several data sets, with \(lists.prefix(4).joined(separator: ", ")); name one of them")
    }
    self.tree = tree
    self.release = release
    place = String(list.dropLast(release.trainLists[0].count))
  }

  /// - Parameter reader: What reads HDF5 files; without it they are refused.
  func load(_ reader: HDF5Reader?, sampling: Sampling, progress: @escaping LoadingProgress) throws -> PointDataset {
    guard let reader else {
      throw DatasetError.unreadable(
        path: tree.root, reason: "HDF5 files are read by the tool passbook alone, and this program is another one")
    }
    let lists = (release.trainLists + [release.testList]).map { place + $0 }
    let there = Set(tree.paths)
    for path in lists where !there.contains(path) {
      throw DatasetError.missing(
        path: tree.root, expected: path, help: "\(release.release.name) comes with lists of the files of all parts")
    }
    let listed = try lists.map(files)
    let all = listed.joined()
    guard Set(all).count == all.count, all.count <= Self.mostFiles else {
      throw DatasetError.request("\(tree.root): a file is listed twice, or there are more than \(Self.mostFiles)")
    }
    let halves = [listed.dropLast().joined(), listed.suffix(1).joined()].map { $0.filter(there.contains) }
    let missing = all.count - halves[0].count - halves[1].count
    let names = try classNames(isThere: there.contains)
    var loader = HDF5Loader(
      reader, tree, sampling, classNames: names,
      expected: release.release.trainCount + release.release.testCount, progress: progress)
    let train = try loader.load(halves[0], limit: Self.longestFile)
    let test = try loader.load(halves[1], limit: Self.longestFile)
    guard train.count + test.count > 0 else {
      throw DatasetError.missing(path: tree.root, expected: "any file of those listed", help: "check the path")
    }
    try progress(train.count + test.count, train.count + test.count)
    let official = loader.md5.count == release.md5.count && loader.md5 == release.md5
    return PointDataset(
      train: train, test: test,
      provenance: release.release.provenance(
        of: tree, counts: (train.count, test.count), official: official,
        files: try tree.isArchive ? [archiveFile()] : indexFiles(lists) + loader.files,
        checksums: [official ? "the MD5 sums are the published ones" : "the MD5 sums are not those of the release"],
        notes: missing > 0 ? ["\(missing) of the listed files are not there"] : []))
  }

  /// The paths of the files that a list names.
  private func files(in list: String) throws -> [String] {
    try IndexFile.lines(list, in: tree).map { line in
      guard let name = line.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last, name.hasSuffix(".h5") else {
        throw DatasetError.malformed(
          path: tree.name(of: list), offset: 0, expected: "names such as ply_data_train0.h5, one a line",
          found: "'\(line.prefix(40))'")
      }
      return place + name
    }
  }

  /// `airplane` or `Airplane	02691156`, a line for each label.
  private func classNames(isThere: (String) -> Bool) throws -> [String] {
    guard isThere(place + release.namesFile) else { return release.classNames }
    let names = try IndexFile.lines(place + release.namesFile, in: tree).compactMap { line in
      line.split(whereSeparator: \.isWhitespace).first.map { String($0.prefix(100)) }
    }
    guard names.count == release.classNames.count else {
      throw DatasetError.malformed(
        path: tree.name(of: place + release.namesFile), offset: 0,
        expected: "\(release.classNames.count) class names, one a line", found: "\(names.count) lines")
    }
    return names
  }

  private func archiveFile() throws -> Provenance.File {
    Provenance.File(
      name: FilePath.baseName(tree.root), length: try FileReader(path: tree.root).count,
      sha256: try Checksum.sha256(contentsOf: tree.root))
  }

  private func indexFiles(_ paths: [String]) throws -> [Provenance.File] {
    try paths.map { path in
      let bytes = try tree.contents(of: path, limit: IndexFile.longest)
      return Provenance.File(name: path, length: bytes.count, sha256: Checksum.sha256(of: bytes))
    }
  }
}
