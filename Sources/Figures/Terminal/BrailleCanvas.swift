/// A drawing of dots in text: each braille character holds two columns of four dots (Unicode block U+2800).
///
/// A character has one colour, that of the series that last set a dot in it, and may be replaced by a mark.
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var cells: [UInt8]
  /// The series that painted each character.
  private(set) var owners: [Int?]
  private(set) var marks: [Character?]

  init(columns: Int, rows: Int) {
    self.columns = max(columns, 1)
    self.rows = max(rows, 1)
    cells = [UInt8](repeating: 0, count: self.columns * self.rows)
    owners = [Int?](repeating: nil, count: cells.count)
    marks = [Character?](repeating: nil, count: cells.count)
  }

  var width: Int { columns * 2 }
  var height: Int { rows * 4 }

  /// Sets a dot, counted from the left and from the top; dots outside are left out.
  mutating func set(_ x: Int, _ y: Int, owner: Int? = nil) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    // Dots 1 to 6 run down the two columns, 7 and 8 were added below them.
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    let cell = y / 4 * columns + x / 2
    cells[cell] |= bits[x % 2][y % 4]
    if let owner { owners[cell] = owner }
  }

  /// Puts a mark in place of the dots of the character at a dot.
  mutating func mark(_ x: Int, _ y: Int, with mark: Character, owner: Int? = nil) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    marks[y / 4 * columns + x / 2] = mark
    if let owner { owners[y / 4 * columns + x / 2] = owner }
  }

  /// Sets the dots between two points.
  mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), owner: Int? = nil) {
    let steps = max(abs(end.x - start.x), abs(end.y - start.y)).rounded(.up)
    guard steps.isFinite, steps < 10_000, let count = Int(exactly: steps) else { return }
    for step in 0...count {
      let share = count == 0 ? 0 : Double(step) / steps
      if let x = Int(exactly: (start.x + (end.x - start.x) * share).rounded()),
        let y = Int(exactly: (start.y + (end.y - start.y) * share).rounded())
      {
        set(x, y, owner: owner)
      }
    }
  }

  /// The character of a cell: its mark, or its dots.
  func character(_ column: Int, _ row: Int) -> Character {
    let cell = row * columns + column
    if let mark = marks[cell] { return mark }
    return UnicodeScalar(0x2800 + UInt32(cells[cell])).map(Character.init) ?? " "
  }

  /// Whether a cell holds any dot.
  func isSet(_ column: Int, _ row: Int) -> Bool { cells[row * columns + column] != 0 }
}
