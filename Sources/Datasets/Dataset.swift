/// Training and test images of the same classes, and where they come from.
public struct Dataset: Sendable {
  public let train: ImageSet
  public let test: ImageSet
  public let provenance: Provenance

  public var classNames: [String] { train.classNames }
}

/// Where data comes from, so that a report can say what its figures rest on.
public struct Provenance: Sendable, Equatable {
  /// One file that was read: its base name, its length in bytes, its SHA-256 in lower-case hexadecimal digits.
  public struct File: Sendable, Equatable {
    public let name: String
    public let length: Int
    public let sha256: String
  }

  /// The name of the data set and the path it was read from.
  public let source: String
  /// Whether checksums prove that the files are the published ones.
  public let official: Bool
  public let files: [File]
  /// Training and test samples.
  public let counts: (train: Int, test: Int)
  /// In plain words: complete or a subset, and what the checksums say.
  public let note: String

  public static func == (left: Provenance, right: Provenance) -> Bool {
    left.source == right.source && left.official == right.official && left.files == right.files
      && left.counts == right.counts && left.note == right.note
  }
}
