/// The files of a release as they are read, in whatever order they come.
struct CIFARCollection {
  private let release: CIFARRelease
  private var parts: [(pixels: [UInt8], labels: [Int32])?]
  private var classNames: [String]

  init(_ release: CIFARRelease) {
    self.release = release
    parts = release.files.map { _ in nil }
    classNames = release.classNames
  }

  var missingFiles: [String] { zip(release.files, parts).filter { $1 == nil }.map { name, _ in name } }

  /// Reads `name` if it belongs to the release; `stream` hands out its bytes.
  mutating func read(
    _ name: String, path: String, length: Int?, _ stream: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    if let index = release.files.firstIndex(of: name) {
      parts[index] = try records(path, length, limit: release.recordsPerFile[index], stream)
    } else if name == release.namesFile {
      let bytes = try whole(path, limit: Self.longestNamesFile, stream)
      classNames = try
        release.version == .binary
        ? release.parseNames(bytes, path: path) : CIFARPickle.names(bytes, of: release, path: path)
    }
  }

  private func records(
    _ path: String, _ length: Int?, limit: Int,
    _ stream: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws -> (pixels: [UInt8], labels: [Int32]) {
    switch release.version {
    case .binary:
      var records = try CIFARRecords(release, path: path, length: length, limit: limit)
      try stream { try records.append($0) }
      try records.finish()
      return (records.pixels, records.labels)
    case .python:
      let bytes = try whole(path, limit: release.longestPickle(records: limit), stream)
      return try CIFARPickle.records(bytes, of: release, path: path, limit: limit)
    }
  }

  /// All bytes of a file that must be read before it says anything.
  private func whole(
    _ path: String, limit: Int, _ stream: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try stream { piece in
      guard bytes.count + piece.count <= limit else {
        throw DatasetError.tooLarge(path: path, what: "the file is longer", limit: "\(limit) bytes")
      }
      bytes.append(contentsOf: piece)
    }
    return bytes
  }

  /// Joins the files to training and test images.
  mutating func images() throws -> (train: ImageSet, test: ImageSet) {
    let last = parts.count - 1
    return (try joined(0..<last), try joined(last..<last + 1))
  }

  private static let longestNamesFile = 1 << 16

  /// Lets go of each part once it is copied, so that the pixels are not held twice.
  private mutating func joined(_ range: Range<Int>) throws -> ImageSet {
    let count = parts[range].reduce(0) { $0 + ($1?.labels.count ?? 0) }
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    pixels.reserveCapacity(count * CIFARRecords.pixelLength)
    labels.reserveCapacity(count)
    for index in range {
      guard let part = parts[index] else { continue }
      parts[index] = nil
      pixels.append(contentsOf: part.pixels)
      labels.append(contentsOf: part.labels)
    }
    return try ImageSet(
      pixels: pixels, labels: labels, channels: 3, height: 32, width: 32, classNames: classNames)
  }

  /// "complete", or "subset: 5085 of 50000 training records and 1017 of 10000 test records".
  func completeness(train: Int, test: Int) -> String {
    if train == release.trainRecords, test == release.testRecords { return "all records" }
    return "subset: \(train) of \(release.trainRecords) training records and "
      + "\(test) of \(release.testRecords) test records"
  }
}
