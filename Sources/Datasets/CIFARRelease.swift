/// The two forms in which CIFAR is published.
enum CIFARVersion: String, Sendable, CaseIterable {
  case binary
  case python
}

/// What the releases differ in, and by what their files are known to be the published ones.
struct CIFARRelease: Sendable {
  /// The published archive with its checksums.
  struct Archive: Sendable {
    let name: String
    /// Not known of the Python version.
    let sha256: String?
    let md5: String
  }

  let name: String
  let version: CIFARVersion
  let folder: String
  let archive: Archive
  /// The training files in order, then the test file last.
  let files: [String]
  /// MD5 of each of them; empty where none are published.
  let filesMD5: [String]
  /// Records in each published file.
  let recordsPerFile: [Int]
  /// What the label bytes of a record say, in their order.
  let labelBytes: [CIFARRecords.Label]
  /// Which of the label bytes is kept.
  let keptLabel: Int
  /// The key of the kept labels in a pickled dictionary.
  let labelsKey: String
  let namesFile: String
  /// The key of the class names in a pickled dictionary.
  let namesKey: String
  let classNames: [String]

  static func ten(_ version: CIFARVersion) -> CIFARRelease {
    let isBinary = version == .binary
    let names = (1...5).map { "data_batch_\($0)" } + ["test_batch"]
    return CIFARRelease(
      name: "CIFAR-10", version: version, folder: isBinary ? "cifar-10-batches-bin" : "cifar-10-batches-py",
      archive: isBinary
        ? Archive(
          name: "cifar-10-binary.tar.gz", sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
          md5: "c32a1d4ab5d03f1284b67883e8d87530")
        : Archive(name: "cifar-10-python.tar.gz", sha256: nil, md5: "c58f30108f718f92721af3b95e74349a"),
      files: isBinary ? names.map { $0 + ".bin" } : names,
      filesMD5: isBinary
        ? []
        : [
          "c99cafc152244af753f735de768cd75f", "d4bba439e000b95fd0a9bffe97cbabec", "54ebc095f3ab1f0389bbae665268c751",
          "634d18415352ddfa80567beed471001a", "482c414d41f54cd18b22e5b47cb7c3cb", "40351d587109b95175f43aff81a1287e",
        ],
      recordsPerFile: [Int](repeating: 10_000, count: 6),
      labelBytes: [.init(kind: "label", classes: 10)], keptLabel: 0, labelsKey: "labels",
      namesFile: isBinary ? "batches.meta.txt" : "batches.meta", namesKey: "label_names", classNames: CIFARNames.ten)
  }

  static func hundred(_ version: CIFARVersion, _ labels: CIFAR.Labels) -> CIFARRelease {
    let isBinary = version == .binary
    return CIFARRelease(
      name: "CIFAR-100", version: version, folder: isBinary ? "cifar-100-binary" : "cifar-100-python",
      archive: isBinary
        ? Archive(
          name: "cifar-100-binary.tar.gz", sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
          md5: "03b5dce01913d631647c71ecec9e9cb8")
        : Archive(name: "cifar-100-python.tar.gz", sha256: nil, md5: "eb9058c3a382ffc7106e4002c42a8d85"),
      files: isBinary ? ["train.bin", "test.bin"] : ["train", "test"],
      filesMD5: isBinary ? [] : ["16019d7e3df5f24257cddd939b257f8d", "f0ef6b0ae62326f3e7ffdfab6717acfc"],
      recordsPerFile: [50_000, 10_000],
      labelBytes: [.init(kind: "coarse label", classes: 20), .init(kind: "fine label", classes: 100)],
      keptLabel: labels == .coarse ? 0 : 1, labelsKey: "\(labels.rawValue)_labels",
      namesFile: isBinary ? "\(labels.rawValue)_label_names.txt" : "meta",
      namesKey: "\(labels.rawValue)_label_names",
      classNames: labels == .coarse ? CIFARNames.coarse : CIFARNames.fine)
  }

  var trainRecords: Int { recordsPerFile.dropLast().reduce(0, +) }
  var testRecords: Int { recordsPerFile.last ?? 0 }

  /// The most bytes that the pickle of `records` records is read with: the published ones have 3,105 a record, and
  /// other writers of the same say it a little longer.
  func longestPickle(records: Int) -> Int { records * 3200 + (1 << 16) }

  /// "CIFAR-10 (binary version) from /data/cifar-10-batches-bin"
  func source(_ path: String) -> String { "\(name) (\(version.rawValue) version) from \(path)" }

  /// The error for a file that is not there.
  func missing(_ path: String, _ expected: String) -> DatasetError {
    .missing(
      path: path, expected: expected,
      help: "\(name) is read from \(archive.name) as downloaded, or from its folder \(folder) "
        + "with \(files.joined(separator: ", "))")
  }

  /// The class names in a file of one name a line.
  func parseNames(_ bytes: [UInt8], path: String) throws -> [String] {
    let lines = bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }).map { String(decoding: $0, as: UTF8.self) }
    guard lines.count == classNames.count, lines.allSatisfy({ $0.utf8.count <= 100 }) else {
      throw DatasetError.malformed(
        path: path, offset: 0, expected: "\(classNames.count) class names, one a line", found: "\(lines.count) lines")
    }
    return lines
  }
}

extension [CIFARRelease] {
  /// The error for a path at which none of the versions is.
  func missing(_ path: String, _ expected: String) -> DatasetError {
    .missing(
      path: path, expected: expected,
      help: "\(first?.name ?? "it") is read from \(map(\.archive.name).joined(separator: " or ")) as downloaded, or "
        + "from the folder \(map(\.folder).joined(separator: " or "))")
  }
}
