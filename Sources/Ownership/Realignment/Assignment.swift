/// The assignment of rows to columns with the largest sum of scores, by shortest augmenting paths: R. Jonker and
/// A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing 38,
/// 1987, in the form for more columns than rows of D. Crouse, IEEE Trans. Aerospace and Electronic Systems 52, 2016.
///
/// O(rows² · columns); the same scores give the same assignment.
enum Assignment {
  /// The column of each row.
  ///
  /// - Parameters:
  ///   - scores: row by row, no fewer columns than rows, all finite.
  ///   - poll: called before each row; throws to stop.
  static func largest(
    _ scores: [Float], rows: Int, columns: Int, poll: () throws -> Void = {}
  ) throws -> [Int] {
    guard rows > 0, columns >= rows, scores.count == rows * columns else { return Array(0..<max(rows, 0)) }
    var search = PathSearch(rows: rows, columns: columns)
    try scores.withUnsafeBufferPointer { scores in
      for row in 0..<rows {
        try poll()
        search.assign(row, scores)
      }
    }
    return search.columnOfRow
  }
}

/// What the augmenting paths leave: a partial assignment, and potentials under which no cost is negative and those of
/// assigned pairs are zero. The cost of a pair is minus its score.
private struct PathSearch {
  let rows: Int
  let columns: Int
  var columnOfRow: [Int]
  private var rowOfColumn: [Int]
  private var rowPotentials: [Double]
  private var columnPotentials: [Double]
  // Of the search for one row: length of the shortest path to each column, the row before it, and what is reached.
  private var lengths: [Double]
  private var rowBefore: [Int]
  private var open: [Int]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    columnOfRow = Array(repeating: -1, count: rows)
    rowOfColumn = Array(repeating: -1, count: columns)
    rowPotentials = Array(repeating: 0, count: rows)
    columnPotentials = Array(repeating: 0, count: columns)
    lengths = Array(repeating: 0, count: columns)
    rowBefore = Array(repeating: -1, count: columns)
    open = []
  }

  /// Assigns one more row, moving others along the shortest augmenting path.
  mutating func assign(_ start: Int, _ scores: UnsafeBufferPointer<Float>) {
    open = Array(0..<columns)
    for column in 0..<columns { lengths[column] = .infinity }
    var reachedRows: [Int] = []
    var reachedColumns: [Int] = []
    var (row, length, end) = (start, 0.0, -1)
    while end < 0 {
      reachedRows.append(row)
      let nearest = extend(from: row, length, scores)
      let column = open[nearest]
      length = lengths[column]
      if rowOfColumn[column] < 0 { end = column } else { row = rowOfColumn[column] }
      reachedColumns.append(column)
      open.swapAt(nearest, open.count - 1)
      open.removeLast()
    }
    rowPotentials[start] += length
    for row in reachedRows where row != start { rowPotentials[row] += length - lengths[columnOfRow[row]] }
    for column in reachedColumns { columnPotentials[column] -= length - lengths[column] }
    var column = end
    while true {
      let row = rowBefore[column]
      rowOfColumn[column] = row
      swap(&columnOfRow[row], &column)
      if row == start { return }
    }
  }

  /// Shortens the paths that go through a row, and gives the position in `open` of the nearest column.
  private mutating func extend(from row: Int, _ length: Double, _ scores: UnsafeBufferPointer<Float>) -> Int {
    let offset = length - rowPotentials[row]
    let first = row * columns
    var (nearest, shortest, isFree) = (0, Double.infinity, false)
    for (position, column) in open.enumerated() {
      let candidate = offset - Double(scores[first + column]) - columnPotentials[column]
      if candidate < lengths[column] {
        lengths[column] = candidate
        rowBefore[column] = row
      }
      // Of columns that are equally near, a free one ends the search.
      let found = lengths[column]
      if found < shortest || (found == shortest && !isFree && rowOfColumn[column] < 0) {
        (nearest, shortest, isFree) = (position, found, rowOfColumn[column] < 0)
      }
    }
    return nearest
  }
}
