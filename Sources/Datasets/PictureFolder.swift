import Files
import Tensors

/// Pictures in one folder, or in one folder a class, as a set of images of one size.
public enum PictureFolder {
  /// How a picture becomes a square.
  public enum Fitting: String, Sendable, CaseIterable {
    /// The central pixels, without resizing, as the published code cuts its triggers.
    case crop
    /// The shorter side scaled to the size, then the central pixels.
    case resize
  }

  /// The images, the paths they came from, and what was passed over with the reason.
  public struct Contents: Sendable {
    public let images: ImageSet
    public let paths: [String]
    public let notes: [String]
    /// Whether the classes are folders.
    let hasClasses: Bool
    /// Length and SHA-256 of each file, in the order of `paths`.
    let sums: [(length: Int, sha256: String)]

    /// All pictures as one entry: the SHA-256 of the lines `sha256  path` in the order of the paths' bytes.
    func provenance(below folder: String) -> Provenance.File {
      let place = FilePath.join(folder, "").count
      let lines = zip(paths, sums).map { path, sum in (path: String(path.dropFirst(place)), sum: sum) }
        .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        .map { "\($0.sum.sha256)  \($0.path)\n" }
      return Provenance.File(
        name: "\(paths.count) pictures", length: sums.reduce(0) { $0 + $1.length },
        sha256: Checksum.sha256(of: Array(lines.joined().utf8)))
    }
  }

  /// Pictures that are decoded between two looks at Ctrl-C.
  private static let block = 64
  private static let mostPictures = 200_000
  private static let mostBytes = 1 << 30

  /// The PNG and JPEG pictures in `folder` in natural order, as `size` x `size` in 1 or 3 channels.
  ///
  /// Folders inside are classes in natural order; without any, all pictures are of one class, or of the classes in
  /// the file `labels`: one whole number a line, one line a picture. Other files and links that lead out of the
  /// folder are passed over with a note; a broken picture is an error.
  ///
  /// - Parameters:
  ///   - skipping: Names of folders that are no classes.
  ///   - progress: Called now and then with the pictures read and the pictures in all; what it throws ends the reading.
  public static func load(
    _ folder: String, size: Int = 32, channels: Int = 3, fitting: Fitting = .crop, labels: String? = nil,
    skipping: Set<String> = [], progress: LoadingProgress = { _, _ in }
  ) throws -> Contents {
    guard (1...Picture.longestSide).contains(size) else {
      throw DatasetError.request("pictures are cut to 1 to \(Picture.longestSide) pixels a side, not \(size)")
    }
    guard FilePath.kind(of: folder) == .folder, let root = FilePath.resolved(folder) else {
      throw DatasetError.missing(
        path: folder, expected: "a folder of PNG or JPEG pictures", help: "check the path")
    }
    var notes: [String] = []
    let inside = try entries(of: folder, root: root, notes: &notes)
    let classes = inside.filter { $0.kind == .folder }.map(\.path)
      .filter { !skipping.contains(FilePath.baseName($0)) }
    if !classes.isEmpty {
      notes += inside.filter { $0.kind == .file }.map { "\($0.path): passed over, it lies beside the class folders" }
    }
    var files: [(path: String, label: Int32)] = []
    for (label, place) in (classes.isEmpty ? [folder] : classes).enumerated() {
      try progress(0, 0)
      files += try (classes.isEmpty ? inside : entries(of: place, root: root, notes: &notes))
        .filter { $0.kind == .file && $0.path != labels }.map { ($0.path, Int32(label)) }
    }
    var pixels: [UInt8] = []
    var paths: [String] = []
    var sums: [(length: Int, sha256: String)] = []
    var classLabels: [Int32] = []
    for start in stride(from: 0, to: files.count, by: block) {
      let wanted = files[start..<min(start + block, files.count)]
      try progress(start, files.count)
      for (file, decoded) in zip(wanted, try decode(wanted.map(\.path), size, fitting)) {
        guard let decoded else {
          notes.append("\(file.path): passed over, neither PNG nor JPEG")
          continue
        }
        pixels.append(contentsOf: decoded.picture.pixels)
        paths.append(file.path)
        sums.append(decoded.sum)
        classLabels.append(file.label)
      }
      guard paths.count <= mostPictures, pixels.count <= mostBytes else {
        throw DatasetError.tooLarge(
          path: folder, what: "the folder has more pictures",
          limit: "\(mostPictures) pictures of \(mostBytes) bytes together")
      }
    }
    try progress(files.count, files.count)
    guard !paths.isEmpty else {
      throw DatasetError.missing(path: folder, expected: "any PNG or JPEG picture", help: "check the path")
    }
    var classNames = classes.isEmpty ? [FilePath.baseName(folder)] : classes.map(FilePath.baseName)
    if let labels {
      classLabels = try PictureLabels.read(labels, count: paths.count)
      classNames = (0...Int(classLabels.max() ?? 0)).map(String.init)
    }
    let images = try ImageSet(
      pixels: pixels, labels: classLabels, channels: 3, height: size, width: size, classNames: classNames)
    return Contents(
      images: try images.converted(toChannels: channels), paths: paths, notes: notes, hasClasses: !classes.isEmpty,
      sums: sums)
  }

  private static func entries(
    of folder: String, root: String, notes: inout [String]
  ) throws -> [(path: String, kind: FilePath.Kind)] {
    var entries: [(path: String, kind: FilePath.Kind)] = []
    for name in try FilePath.names(inFolder: folder).sorted(by: NaturalOrder.precedes) {
      let path = FilePath.join(folder, name)
      guard let kind = FilePath.kind(of: path), let target = FilePath.resolved(path), target.hasPrefix(root + "/")
      else {
        notes.append("\(path): passed over, a link that leads out of the folder or nowhere")
        continue
      }
      entries.append((path, kind))
    }
    return entries
  }

  private typealias Decoded = (picture: Picture, sum: (length: Int, sha256: String))

  /// The pictures at these paths, several at a time; nil for those that are none.
  private static func decode(_ paths: [String], _ size: Int, _ fitting: Fitting) throws -> [Decoded?] {
    var decoded = [Decoded?](repeating: nil, count: paths.count)
    try decoded.withUnsafeMutableBufferPointer { decoded in
      // Each picture writes to its own place.
      try Parallelism.forEachBlock(paths.count, of: 1) { block in
        decoded[block.lowerBound] = try self.decode(paths[block.lowerBound], size, fitting)
      }
    }
    return decoded
  }

  private static func decode(_ path: String, _ size: Int, _ fitting: Fitting) throws -> Decoded? {
    let reader = try FileReader(path: path)
    guard Picture.isPicture(try reader.bytes(at: 0, count: min(reader.count, 8))) else { return nil }
    let bytes = try FileReader.contents(of: path, limit: Picture.longestFile)
    let picture = try Picture(decoding: bytes, path: path)
    let fitted =
      switch fitting {
      case .crop: try picture.centreCropped(to: size, path: path)
      case .resize: try picture.resized(to: size)
      }
    return (fitted, (bytes.count, Checksum.sha256(of: bytes)))
  }
}

/// A file of labels: one number a line, whole but written as people like ("6", "6.0", "6.000000e+00").
enum PictureLabels {
  private static let longestFile = 1 << 22
  private static let largest = 100_000

  static func read(_ path: String, count: Int) throws -> [Int32] {
    let bytes = try FileReader.contents(of: path, limit: longestFile)
    var labels: [Int32] = []
    var offset = 0
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      let text = String(decoding: line.filter { $0 > 32 }, as: UTF8.self)
      if !text.isEmpty {
        guard let number = Double(text), let label = Int32(exactly: number), (0..<Int32(largest)).contains(label)
        else {
          throw DatasetError.malformed(
            path: path, offset: offset, expected: "a whole number of 0 to \(largest - 1), one a line",
            found: "'\(text.prefix(40))'")
        }
        labels.append(label)
      }
      offset += line.count + 1
    }
    guard labels.count == count else {
      throw DatasetError.malformed(
        path: path, offset: bytes.count, expected: "\(count) labels, one for each picture", found: "\(labels.count)")
    }
    return labels
  }
}
