/// The binary version of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of label bytes and 3,072 pixels.
///
/// A record is one label byte (CIFAR-10) or a coarse and a fine one (CIFAR-100), then 1,024 red, 1,024 green and
/// 1,024 blue values, row by row. The release is read from its folder or straight from the untouched .tar.gz.
public enum CIFAR {
  /// Which of CIFAR-100's two labels is kept: 100 fine classes or 20 coarse ones.
  public enum Labels: String, Sendable, CaseIterable {
    case fine, coarse
  }

  /// CIFAR-10 at `path`: the folder with the six .bin files, its parent, or cifar-10-binary.tar.gz.
  public static func ten(at path: String) throws -> Dataset {
    try load(.ten, from: path)
  }

  /// CIFAR-100 at `path`: the folder with train.bin and test.bin, its parent, or cifar-100-binary.tar.gz.
  public static func hundred(at path: String, labels: Labels = .fine) throws -> Dataset {
    try load(.hundred(labels), from: path)
  }

  private static func load(_ release: CIFARRelease, from path: String) throws -> Dataset {
    switch FilePath.kind(of: path) {
    case .folder: try CIFARFolder.load(release, from: path)
    case .file: try CIFARArchive.load(release, from: path)
    case .other: throw DatasetError.unreadable(path: path, reason: "it is neither a folder nor a file")
    case nil: throw release.missing(path, "the folder or archive")
    }
  }
}

/// What the two releases differ in.
struct CIFARRelease: Sendable {
  /// Lengths in bytes and SHA-256 of the published archive.
  struct Archive: Sendable {
    let name: String
    let length: Int
    let sha256: String
  }

  let name: String
  let folder: String
  let archive: Archive
  /// The training files in order, then the test file last.
  let files: [String]
  /// Records in each published file.
  let recordsPerFile: [Int]
  let labelBytes: [CIFARRecords.Label]
  /// Which of the label bytes is kept.
  let keptLabel: Int
  let namesFile: String
  let classNames: [String]

  static let ten = CIFARRelease(
    name: "CIFAR-10", folder: "cifar-10-batches-bin",
    archive: Archive(
      name: "cifar-10-binary.tar.gz", length: 170_052_171,
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
    files: (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"],
    recordsPerFile: [Int](repeating: 10_000, count: 6),
    labelBytes: [.init(kind: "label", classes: 10)], keptLabel: 0,
    namesFile: "batches.meta.txt", classNames: CIFARNames.ten)

  static func hundred(_ labels: CIFAR.Labels) -> CIFARRelease {
    CIFARRelease(
      name: "CIFAR-100", folder: "cifar-100-binary",
      archive: Archive(
        name: "cifar-100-binary.tar.gz", length: 168_513_733,
        sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"),
      files: ["train.bin", "test.bin"], recordsPerFile: [50_000, 10_000],
      labelBytes: [.init(kind: "coarse label", classes: 20), .init(kind: "fine label", classes: 100)],
      keptLabel: labels == .coarse ? 0 : 1,
      namesFile: "\(labels.rawValue)_label_names.txt",
      classNames: labels == .coarse ? CIFARNames.coarse : CIFARNames.fine)
  }

  var trainRecords: Int { recordsPerFile.dropLast().reduce(0, +) }
  var testRecords: Int { recordsPerFile.last ?? 0 }

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
