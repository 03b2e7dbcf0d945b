/// A drawing of dots in text: each braille character holds two columns of four dots (Unicode block U+2800).
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var cells: [UInt8]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = [UInt8](repeating: 0, count: columns * rows)
  }

  var width: Int { columns * 2 }
  var height: Int { rows * 4 }

  /// Sets a dot, counted from the left and from the top; dots outside are left out.
  mutating func set(_ x: Int, _ y: Int) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    // Dots 1 to 6 run down the two columns, 7 and 8 were added below them.
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    cells[y / 4 * columns + x / 2] |= bits[x % 2][y % 4]
  }

  /// Sets the dots between two points.
  mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
    let steps = Swift.max(abs(end.x - start.x), abs(end.y - start.y)).rounded(.up)
    guard steps.isFinite, steps < 10_000 else { return }
    for step in 0...Int(steps) {
      let share = steps == 0 ? 0 : Double(step) / steps
      set(
        Int((start.x + (end.x - start.x) * share).rounded()), Int((start.y + (end.y - start.y) * share).rounded()))
    }
  }

  /// The drawing, one text a row.
  var lines: [String] {
    (0..<rows).map { row in
      String(
        String.UnicodeScalarView(
          cells[row * columns..<(row + 1) * columns].compactMap { UnicodeScalar(0x2800 + UInt32($0)) }))
    }
  }
}
