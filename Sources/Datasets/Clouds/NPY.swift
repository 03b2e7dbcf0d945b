/// Arrays as NumPy saves them (NEP 1): magic, version, the length of a header, the header, the elements.
///
/// Read are versions 1 to 3, little-endian float32 and float64 in C order, of two axes: points, and three or more
/// columns.
enum NPY {
  /// The points of the file, or its first `limit` ones: the first three columns, in order.
  static func read(_ bytes: [UInt8], path: String, limit: Int? = nil) throws -> [Point] {
    let header = try Header(bytes, path: path)
    let count = min(header.rows, limit ?? .max)
    guard count > 0 else {
      throw DatasetError.malformed(path: path, offset: 0, expected: "at least one point", found: "none")
    }
    let size = header.isDouble ? 8 : 4
    return try (0..<count).map { row in
      let start = header.length + row * header.columns * size
      var point = Point()
      for axis in 0..<3 {
        let place = start + axis * size
        let bits = bytes[place..<place + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let value =
          header.isDouble ? Float(Double(bitPattern: bits)) : Float(bitPattern: UInt32(truncatingIfNeeded: bits))
        guard value.isFinite else {
          throw DatasetError.malformed(path: path, offset: place, expected: "a finite number", found: "\(value)")
        }
        point[axis] = value
      }
      return point
    }
  }

  /// `{'descr': '<f4', 'fortran_order': False, 'shape': (1024, 3), }`, checked against the length of the file.
  private struct Header {
    let rows: Int
    let columns: Int
    let isDouble: Bool
    /// Where the elements begin.
    let length: Int

    private static let longest = 1 << 16

    init(_ bytes: [UInt8], path: String) throws {
      func malformed(_ offset: Int, _ expected: String, _ found: String) -> DatasetError {
        .malformed(path: path, offset: offset, expected: expected, found: found)
      }
      guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else {
        throw malformed(0, "a NumPy array (.npy)", "other bytes")
      }
      let version = bytes[6]
      guard (1...3).contains(version) else { throw malformed(6, "version 1 to 3", "\(version)") }
      let lengthBytes = version == 1 ? 2 : 4
      let textLength = bytes[8..<8 + lengthBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
      let start = 8 + lengthBytes
      guard textLength <= min(Self.longest, bytes.count - start) else {
        throw malformed(8, "the length of a header that is there", "\(textLength)")
      }
      let text = String(decoding: bytes[start..<start + textLength], as: UTF8.self)
      guard let type = text.firstMatch(of: /'descr' *: *'(<f[48])'/) else {
        throw malformed(start, "elements of type <f4 or <f8", String(text.prefix(60)))
      }
      guard text.contains(/'fortran_order' *: *False/) else {
        throw malformed(start, "rows one after another, 'fortran_order': False", String(text.prefix(60)))
      }
      guard let shape = text.firstMatch(of: /'shape' *: *\((\d+) *, *(\d+) *,? *\)/),
        let rows = Int(shape.1), let columns = Int(shape.2), (3...4096).contains(columns)
      else { throw malformed(start, "a shape (points, 3 or more columns)", String(text.prefix(60))) }
      isDouble = type.1 == "<f8"
      length = start + textLength
      let (size, overflow) = rows.multipliedReportingOverflow(by: columns * (isDouble ? 8 : 4))
      guard !overflow, size == bytes.count - length else {
        throw malformed(length, "\(rows) x \(columns) elements", "\(bytes.count - length) bytes")
      }
      self.rows = rows
      self.columns = columns
    }
  }
}
