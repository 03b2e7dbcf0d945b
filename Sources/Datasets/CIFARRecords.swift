/// Takes the bytes of one .bin file as they come, in pieces of any length, and splits them into labels and pixels.
struct CIFARRecords {
  /// One label byte of a record.
  struct Label: Sendable {
    let kind: String
    let classes: Int
  }

  static let pixelLength = 3 * 32 * 32

  private(set) var pixels: [UInt8] = []
  private(set) var labels: [Int32] = []
  private let path: String
  private let limit: Int
  private let labelBytes: [Label]
  private let keptLabel: Int
  private var offset = 0

  /// For the file `path`, of `length` bytes if that is known, which may hold at most `limit` records.
  init(_ release: CIFARRelease, path: String, length: Int?, limit: Int) throws {
    self.path = path
    self.limit = limit
    labelBytes = release.labelBytes
    keptLabel = release.keptLabel
    if let length {
      guard length <= limit * recordLength else { throw tooLong("\(length) bytes") }
      pixels.reserveCapacity(max(length, 0))
    }
  }

  private var recordLength: Int { labelBytes.count + Self.pixelLength }

  mutating func append(_ piece: UnsafeRawBufferPointer) throws {
    var piece = piece[...]
    while let first = piece.first {
      let position = offset % recordLength
      let taken: Int
      if position < labelBytes.count {
        try appendLabel(first, at: position)
        taken = 1
      } else {
        taken = min(piece.count, recordLength - position)
        pixels.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece.prefix(taken)))
      }
      piece = piece.dropFirst(taken)
      offset += taken
    }
  }

  /// Ends the file, which must hold a whole number of records and at least one.
  func finish() throws {
    let rest = offset % recordLength
    guard rest == 0 else {
      throw DatasetError.tornRecord(path: path, offset: offset - rest, length: rest, recordLength: recordLength)
    }
    guard offset > 0 else {
      throw DatasetError.malformed(
        path: path, offset: 0, expected: "records of \(recordLength) bytes", found: "an empty file")
    }
  }

  private mutating func appendLabel(_ byte: UInt8, at position: Int) throws {
    let record = offset / recordLength
    guard record < limit else { throw tooLong("more bytes") }
    let label = labelBytes[position]
    guard Int(byte) < label.classes else {
      throw DatasetError.badLabel(
        path: path, offset: offset, record: record, label: Int(byte), kind: label.kind, classes: label.classes)
    }
    if position == keptLabel { labels.append(Int32(byte)) }
  }

  private func tooLong(_ what: String) -> DatasetError {
    .tooLarge(
      path: path, what: "the file has \(what)",
      limit: "the published \(limit) records of \(recordLength) bytes (\(limit * recordLength) bytes)")
  }
}
