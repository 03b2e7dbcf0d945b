import Tensors
import Testing

@testable import Ownership

@Suite struct AssignmentTests {
  /// Tries every way to give the rows different columns.
  private func naive(_ scores: [Float], _ rows: Int, _ columns: Int) -> Float {
    func best(_ row: Int, _ used: Set<Int>) -> Float {
      guard row < rows else { return 0 }
      var largest = -Float.infinity
      for column in 0..<columns where !used.contains(column) {
        largest = max(largest, scores[row * columns + column] + best(row + 1, used.union([column])))
      }
      return largest
    }
    return best(0, [])
  }

  private func total(_ assignment: [Int], _ scores: [Float], _ columns: Int) -> Float {
    assignment.enumerated().reduce(0) { $0 + scores[$1.offset * columns + $1.element] }
  }

  /// Small whole numbers, so that ties are frequent and sums are exact.
  @Test func isTheBestOfAll() throws {
    var stream = RandomStream(seed: 1, name: "scores")
    for rows in 1...6 {
      for columns in rows...7 {
        for _ in 0..<8 {
          let scores = (0..<rows * columns).map { _ in Float(stream.integer(below: 9)) - 4 }
          let found = try Assignment.largest(scores, rows: rows, columns: columns)
          #expect(Set(found).count == rows && found.allSatisfy { (0..<columns).contains($0) })
          #expect(total(found, scores, columns) == naive(scores, rows, columns))
        }
      }
    }
  }

  /// Of 200 rows a hidden permutation is found, though each row's own favourite may be another column.
  @Test func findsAHiddenPermutation() throws {
    var stream = RandomStream(seed: 2, name: "scores")
    let (rows, columns) = (200, 230)
    let hidden = Array(stream.permutation(columns).prefix(rows))
    var scores = (0..<rows * columns).map { _ in stream.uniform() }
    for (row, column) in hidden.enumerated() { scores[row * columns + column] += 0.9 }
    let found = try Assignment.largest(scores, rows: rows, columns: columns)
    #expect(found.enumerated().count { hidden[$0.offset] == $0.element } >= 170)
    #expect(total(found, scores, columns) >= total(hidden, scores, columns))
  }

  @Test func canBeInterrupted() throws {
    struct Stop: Error {}
    var calls = 0
    #expect(throws: Stop.self) {
      try Assignment.largest([Float](repeating: 0, count: 100), rows: 10, columns: 10) {
        calls += 1
        if calls == 3 { throw Stop() }
      }
    }
  }
}
