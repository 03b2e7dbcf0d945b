/// Clouds as text, one point a line: `x,y,z,nx,ny,nz` as `modelnet40_normal_resampled` comes, or `x y z` with any
/// further columns as ShapeNetPart does.
///
/// Blanks and commas separate; empty lines and comments behind `#` are skipped. Columns after the third are checked to
/// be numbers, and left out.
enum PointRows {
  private static let mostColumns = 64

  /// The points of the file, or its first `limit` ones, in order.
  static func read(_ bytes: [UInt8], path: String, limit: Int? = nil) throws -> [Point] {
    var scanner = NumberScanner(bytes, path: path)
    var points: [Point] = []
    var columns: Int?
    while points.count < limit ?? .max {
      scanner.skipSpace()
      if scanner.isAtEnd { break }
      var point = Point()
      var column = 0
      while !scanner.isAtLineEnd {
        guard column < columns ?? mostColumns else {
          throw scanner.failure(expected: "the end of a row of \(columns ?? mostColumns) numbers")
        }
        let value = try scanner.number("a number")
        if column < 3 { point[column] = value }
        column += 1
        scanner.skipBlanks(commas: true)
      }
      guard column >= 3, column == columns ?? column else {
        throw scanner.failure(expected: "a row of \(columns.map(String.init) ?? "at least 3") numbers")
      }
      columns = column
      points.append(point)
    }
    guard !points.isEmpty else { throw scanner.failure(expected: "at least one point") }
    return points
  }
}
