/// CIFAR-10 and CIFAR-100 (Krizhevsky 2009), in the binary and in the Python version, from the folder or straight from
/// the untouched .tar.gz.
///
/// * Binary: records of one label byte (CIFAR-10) or a coarse and a fine one (CIFAR-100), then 1,024 red, 1,024 green
///   and 1,024 blue values, row by row.
/// * Python: pickled dictionaries with the same 3,072 values a row in an array `data`, and lists of labels.
public enum CIFAR {
  /// Which of CIFAR-100's two labels is kept: 100 fine classes or 20 coarse ones.
  public enum Labels: String, Sendable, CaseIterable {
    case fine, coarse
  }

  /// CIFAR-10 at `path`: the folder with the six files, its parent, or the archive as downloaded.
  public static func ten(at path: String) throws -> Dataset {
    try load(CIFARVersion.allCases.map(CIFARRelease.ten), from: path)
  }

  /// CIFAR-100 at `path`: the folder with its two files, its parent, or the archive as downloaded.
  public static func hundred(at path: String, labels: Labels = .fine) throws -> Dataset {
    try load(CIFARVersion.allCases.map { .hundred($0, labels) }, from: path)
  }

  /// - Parameter releases: The versions of one release.
  private static func load(_ releases: [CIFARRelease], from path: String) throws -> Dataset {
    switch FilePath.kind(of: path) {
    case .folder: try CIFARFolder.load(releases, from: path)
    case .file: try CIFARArchive.load(releases, from: path)
    case .other: throw DatasetError.unreadable(path: path, reason: "it is neither a folder nor a file")
    case nil: throw releases.missing(path, "the folder or archive")
    }
  }
}
