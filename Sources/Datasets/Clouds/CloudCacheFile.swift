import Files

/// Decoded clouds in one file, so that they can be mapped instead of decoded again.
///
///     8 bytes   "PBCLOUD1"
///     8 bytes   length of the header, little-endian
///     32 bytes  SHA-256 of the header
///     header    JSON: { "key": …, "title": …, "sets": [{ "points", "up", "classes", "labels" }, …], "details": … }
///     zeros     up to a multiple of 64 bytes
///     floats    the coordinates of all sets, little-endian, up to the end of the file
enum CloudCacheFile {
  private static let magic = Array("PBCLOUD1".utf8)
  private static let prefix = 48
  private static let alignment = 64
  private static let largestHeader = 1 << 26
  private static let mostSets = 2
  /// Floats that are written between two polls.
  private static let piece = 1 << 20

  /// Bytes that the coordinates of these sets take.
  static func size(of sets: [PointSet]) -> Int {
    sets.reduce(0) { $0 + $1.coordinates.count * MemoryLayout<Float>.stride }
  }

  /// Writes sets with what else is known of them; the file is for the user alone.
  ///
  /// - Parameters:
  ///   - title: What a list of the cache calls it.
  ///   - key: What it is asked for by.
  static func write(
    _ sets: [PointSet], details: JSON, title: String, key: String, to path: String, poll: () throws -> Void
  ) throws {
    let json = JSON.object([
      .init("key", .string(key)), .init("title", .string(title)), .init("sets", .array(sets.map(description))),
      .init("details", details),
    ])
    let header = Array(try json.text().utf8)
    guard header.count <= largestHeader else {
      throw FileError(path: path, reason: "the names and labels of the clouds are too many for the cache")
    }
    var hash = Checksum.SHA256()
    hash.update(header)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    let padding = start(behind: header.count) - prefix - header.count
    try AtomicFile.write(to: path, permissions: 0o600) { sink in
      try sink.write(magic + length + hash.digest + header + [UInt8](repeating: 0, count: padding))
      for set in sets {
        try set.coordinates.withUnsafeBufferPointer { floats in
          for start in stride(from: 0, to: floats.count, by: piece) {
            try poll()
            let end = min(start + piece, floats.count)
            try sink.write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: floats[start..<end])))
          }
        }
      }
    }
  }

  /// The sets of a file, mapped, and what else it knows; throws for anything that `write` would not have written.
  static func read(_ path: String, key: String) throws -> (sets: [PointSet], details: JSON) {
    let file = try MappedFile(path: path)
    let (json, end) = try header(of: file)
    guard json["key"] == .string(key), case .array(let descriptions)? = json["sets"], let details = json["details"],
      (1...mostSets).contains(descriptions.count)
    else { throw malformed(path, prefix, "a header for this data", "another") }
    var place = start(behind: end)
    let sets = try descriptions.map { description in
      guard let set = pointSet(description, file, &place) else {
        throw malformed(path, prefix, "clouds that the file holds", "others")
      }
      return set
    }
    guard place == file.bytes.count else { throw malformed(path, place, "the end of the file", "more bytes") }
    return (sets, details)
  }

  /// The header of a file, whose checksum holds, and its length in bytes.
  static func header(of file: MappedFile) throws -> (json: JSON, length: Int) {
    let (path, bytes) = (file.path, file.bytes)
    guard bytes.count >= prefix, bytes.starts(with: magic) else {
      throw malformed(path, 0, "a file of decoded clouds", "something else")
    }
    let length = bytes[8..<16].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= largestHeader, prefix + Int(length) <= bytes.count else {
      throw malformed(path, 8, "the length of a header inside of the file", "\(length)")
    }
    let header = Array(bytes[prefix..<prefix + Int(length)])
    var hash = Checksum.SHA256()
    hash.update(header)
    guard bytes[16..<48].elementsEqual(hash.digest) else {
      throw malformed(path, 16, "the checksum of the header", "another")
    }
    do {
      return (try JSON(parsing: header), header.count)
    } catch {
      throw malformed(path, prefix, "JSON", "\(error)")
    }
  }

  private static func description(of set: PointSet) -> JSON {
    .object([
      .init("points", .integer(set.pointCount)), .init("up", .string(set.up.rawValue)),
      .init("classes", .array(set.classNames.map(JSON.string))),
      .init("labels", .array(set.labels.map { .integer(Int($0)) })),
    ])
  }

  private static func pointSet(_ description: JSON, _ file: MappedFile, _ place: inout Int) -> PointSet? {
    guard case .integer(let points)? = description["points"], case .string(let axis)? = description["up"],
      let up = UpAxis(rawValue: axis), let names = description["classes"]?.strings,
      case .array(let numbers)? = description["labels"],
      (try? PointSet.check(count: numbers.count, pointCount: points)) != nil
    else { return nil }
    let labels = numbers.compactMap { number -> Int32? in
      guard case .integer(let label) = number, names.indices.contains(label) else { return nil }
      return Int32(exactly: label)
    }
    // Checked above: at most 2²⁷ points.
    let count = 3 * numbers.count * points
    guard labels.count == numbers.count, let coordinates = PointCoordinates(file, start: place, count: count) else {
      return nil
    }
    place += count * MemoryLayout<Float>.stride
    return PointSet(checked: coordinates, labels: labels, pointCount: points, classNames: names, up: up)
  }

  /// Where the coordinates begin.
  private static func start(behind header: Int) -> Int {
    (prefix + header + alignment - 1) / alignment * alignment
  }

  private static func malformed(_ path: String, _ offset: Int, _ expected: String, _ found: String) -> DatasetError {
    .malformed(path: path, offset: offset, expected: expected, found: found)
  }
}

extension JSON {
  /// The texts of a list of texts; nil for anything else.
  var strings: [String]? {
    guard case .array(let elements) = self else { return nil }
    let strings = elements.compactMap { element -> String? in
      if case .string(let text) = element { text } else { nil }
    }
    return strings.count == elements.count ? strings : nil
  }
}
